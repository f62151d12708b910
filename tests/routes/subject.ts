/** The program's way from layers to a command line, in the form of the specification. */
import type { Effective } from "../../lib/config/config.ts";
import { userLayer } from "../../lib/config/layers.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { exitStatus } from "../../lib/failure.ts";
import { followLinks } from "../../lib/follow_links.ts";
import { compileRoutes } from "../../lib/routes/compile.ts";
import { decide } from "../../lib/start/decide.ts";
import type { Considered, Decision } from "../../lib/start/decision.ts";
import type { Facts } from "../../lib/start/facts.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { openAmong, reader } from "../start/opened.ts";
import { plain, variable } from "../specification/world.ts";
import type {
  Candidate,
  Explanation,
  Files,
  Reason,
  Verdict,
  World,
} from "../specification/world.ts";
import { byteText } from "./byte_text.ts";

/** A route table and the configuration that it was made from. */
export interface Compiled {
  readonly table: Uint8Array;
  readonly config: Effective["config"];
}

/** The table for a start in this world, without its sources; `machine`: for its programs alone. */
export function compile(files: Files, world: World, machine?: string): Compiled {
  const environment = environmentOf(files, world);
  const effective = loadConfig(environment, { user: !world.secure });
  const compiled = compileRoutes({ ...effective, sources: [], present: new Set() }, { machine });
  if (!compiled.ok) throw new Error(compiled.failure.why);
  return { table: compiled.value.table, config: effective.config };
}

function environmentOf(files: Files, world: World): FakeEnvironment {
  const variables = ["HOME", "XDG_CONFIG_HOME"].flatMap((name) => {
    const value = variable(world, name);
    return value === undefined ? [] : [[name, value]];
  });
  const directories = ["/a", "/a/b", "/link", "/", "/xdg", "/root"].map((path) => {
    const mode = world.shared.has(path === "/link" ? "/a" : path) ? 0o777 : 0o755;
    return [path, { kind: "directory", uid: world.euid, mode }] as const;
  });
  const links = [...world.links].map(([path, target]) => (
    [textOf(path), { link: textOf(target), uid: world.euid }] as const
  ));
  return new FakeEnvironment({
    files: Object.fromEntries([
      ...directories,
      ...links,
      ...[...files].map(([path, { to_null, ...file }]) => [
        path,
        to_null ? { link: "/dev/null" } : file,
      ]),
    ]),
    variables: Object.fromEntries(variables),
    uid: world.euid,
  });
}

/** A key that differs between callers with different tables. */
export function keyOf(files: Files, world: World): string {
  const own = world.secure ? undefined : userLayer(environmentOf(new Map(), world));
  return own !== undefined && files.has(plain(own))
    ? `${world.euid} ${plain(own)} ${[...world.shared]} ${[...world.links]}`
    : `${[...world.links]}`;
}

/** The outcomes of starts with these layers; of one machine's programs if given. */
export function subject(files: Files, machine?: string): (world: World) => Explanation {
  const known = new Map<string, Compiled>();
  return (world) => {
    const key = keyOf(files, world);
    const made = known.get(key) ?? compile(files, world, machine);
    known.set(key, made);
    return explanation(made, world);
  };
}

function explanation({ table, config: { rules } }: Compiled, world: World): Explanation {
  const decided = decide(table, factsOf(world));
  if (!decided.ok) throw new Error(decided.failure.why);
  const { program, rule, candidates, failure, command } = decided.value;
  const matched = rule === undefined || rule.index === 0 ? undefined : rules[rule.index - 1]!;
  return {
    kind: program && byteText(program.name),
    rule: matched && {
      ...{ id: byteText(matched.id), path: byteText(matched.path) },
      by_links: rule!.by_links,
    },
    candidates: candidates.filter(({ verdict }) => verdict.kind !== "conditions").map(candidateOf),
    outcome: failure === undefined
      ? { argv: command!.argv.map(text), env: command!.env.map(text) }
      : { status: exitStatus(failure), reason: reasonOf(decided.value) },
  };
}

function candidateOf({ candidate, verdict }: Considered): Candidate {
  const { id, name, path, muvm } = candidate;
  return {
    ...{ id: byteText(id), name: byteText(name), path: byteText(path) },
    muvm: muvm === undefined ? undefined : byteText(muvm),
    verdict: verdictOf(verdict),
  };
}

const OBSTACLES: Readonly<Record<string, Verdict>> = {
  "muvm refuses root": "root",
  "muvm needs XDG_RUNTIME_DIR": "no runtime directory",
  "muvm needs a working directory, and this one is gone": "no working directory",
  "muvm needs HOME": "no home",
  "muvm cannot read HOME, PATH or a locale variable that is not UTF-8": "variables",
};

function verdictOf(verdict: Considered["verdict"]): Verdict {
  switch (verdict.kind) {
    case "usable":
      return verdict.foreign ? "foreign" : "usable";
    case "missing": {
      const known = (path: string) => /^[/$]/.test(path) ? byteText(path) : undefined;
      return { missing: verdict.groups.map((group) => group.map(known)) };
    }
    case "not executable":
      return "not executable";
    case "no loader":
      return { no_loader: verdict.sysroots.map(byteText) };
    case "muvm":
      return OBSTACLES[verdict.why]!;
    case "conditions":
      throw new Error("its conditions do not hold");
  }
}

function reasonOf({ failure, program, override }: Decision): Reason {
  const asked = program === undefined ? undefined : override;
  if (asked !== undefined && asked.taken === undefined) return "unknown override";
  switch (failure!.code) {
    case "not-a-program":
      return failure!.why.includes("ELF header") ? "damaged program" : "not a program";
    case "cannot-run":
      return failure!.why.includes("permission denied") ? "not executable" : "foreign interpreter";
    case "no-interpreter":
      return "no interpreter";
    default:
      throw new Error(failure!.why);
  }
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** Text with one character for each byte → text. */
function textOf(letters: string): string {
  return new TextDecoder().decode(bytes(letters));
}

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function factsOf(world: World): Facts {
  return {
    program: bytes(world.program),
    argv0: bytes(world.argv0),
    args: world.args.map(bytes),
    canonical: bytes(world.canonical),
    env: world.env.map(bytes),
    cwd: bytes(world.cwd),
    euid: world.euid,
    page_size: world.page_size,
    terminal: world.terminal,
    secure: world.secure,
    kvm_errno: 0,
    machine: "x86_64",
    read: reader(world.file),
    directory: (path) => {
      const given = text(path);
      const leads = given === variable(world, "HOME") ? world.home : given;
      return leads === undefined || world.shared.has(leads) ? undefined : bytes(leads);
    },
    realPath: (path) => {
      const real = followLinks(text(path), (each) => world.links.get(each));
      return real === undefined ? undefined : bytes(real);
    },
    executable: (path) => !world.unexecutable.has(plain(text(path))),
    open: openAmong(
      (path) => world.present.has(plain(path.startsWith("/") ? path : `${world.cwd}/${path}`)),
      (path) => world.foreign.has(plain(path)),
      text,
      (path) => world.directories.has(plain(path)),
    ),
  };
}
