import type { Check } from "./check.ts";
import * as configuration from "./configuration.ts";
import type { CheckId } from "./ids.ts";
import * as kernel from "./kernel.ts";
import * as registered from "./registered.ts";
import * as starts from "./starts.ts";
import * as surroundings from "./surroundings.ts";

/** The implementation of each check. */
export const ALL_CHECKS: Readonly<Record<CheckId, Check>> = {
  "kernel": kernel.kernel,
  "handler": kernel.handler,
  "binfmt_misc": kernel.binfmtMisc,
  "bpf": kernel.bpf,
  "wanted": registered.wanted,
  "entries": registered.entries,
  "registration": registered.registration,
  "competitors": registered.competitors,
  "wsl": kernel.wsl,
  "layers": configuration.layers,
  "pages": kernel.pages,
  "interpreters": configuration.interpreters,
  "muvm": surroundings.muvm,
  "fex": registered.fex,
  "tables": configuration.tables,
  "questions": surroundings.questions,
  "packages": surroundings.packages,
  "polkit": surroundings.polkit,
  "file-manager": surroundings.fileManager,
  "resolver": starts.resolver,
  "start": starts.start,
  "muvm-start": starts.muvmStart,
};
