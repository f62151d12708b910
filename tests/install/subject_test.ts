import { assert, assertEquals } from "@std/assert";
import { C_LIBRARIES, cLibraryOf } from "../../lib/elf/c_library.ts";
import { readElf } from "../../lib/elf/header.ts";
import { targetText } from "../../lib/install/need.ts";
import { type Subject, subjectOf, type Wish } from "../../lib/install/subject.ts";
import { ADMIN_LAYER } from "../../lib/paths.ts";
import { OVERRIDE } from "../../lib/handler/decide/override.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { headersOf } from "../programs.ts";

const NOTHING: Wish = { what: undefined, target: undefined, started: undefined };
const LAYER = '[interpreters.emu]\npath = "/emu"\nmachines = ["riscv64", "hexagon"]\n' +
  '[interpreters.own]\npath = "/own"\nmachines = ["x86_64"]\n';

function ask(wish: Partial<Wish>) {
  const program = { content: headersOf("riscv64"), mode: 0o755 };
  const files = { [ADMIN_LAYER]: LAYER, "/p/game": program, "/usr/bin/found": program };
  const environment = new FakeEnvironment({ files, machine: "x86_64" });
  return subjectOf({ ...NOTHING, ...wish }, environment);
}

function subject(wish: Partial<Wish>): Subject {
  const result = ask(wish);
  assert(result.ok);
  return result.value;
}

/** The subject's e_machine, and the interpreter that was picked. */
function seen({ facts }: Subject) {
  const picked = facts.env.map((entry) => new TextDecoder().decode(entry))
    .find((entry) => entry.startsWith(`${OVERRIDE}=`));
  const head = facts.read(0, 64);
  return [head[18]! | head[19]! << 8, picked?.slice(OVERRIDE.length + 1)];
}

const EM_AARCH64 = 183, EM_RISCV = 243, EM_QDSP6 = 164;

Deno.test("subjectOf() takes a program by its path, or its target if it cannot be opened", () => {
  assertEquals(subject({ what: "/p/game" }).program, "/p/game");
  assertEquals(seen(subject({ what: "found" })), [EM_RISCV, undefined]);
  assertEquals(seen(subject({ started: "/p/game", target: "hexagon" })), [EM_RISCV, undefined]);
  const gone = subject({ started: "/dev/fd/7", target: "hexagon" });
  assertEquals([gone.program, ...seen(gone)], ["/dev/fd/7", EM_QDSP6, undefined]);
});

Deno.test("subjectOf() takes an interpreter with its most common machine", () => {
  assertEquals(seen(subject({ what: "emu" })), [EM_RISCV, "emu"]);
  assertEquals(seen(subject({ what: "emu", target: "hexagon" })), [EM_QDSP6, "emu"]);
});

Deno.test("subjectOf() takes a machine with a C library, as an offer names it", () => {
  for (const library of C_LIBRARIES) {
    const target = targetText({ target: "riscv64", library });
    const { facts } = subject({ what: "emu", target });
    const elf = readElf(facts.read);
    assert(typeof elf === "object" && "linkage" in elf);
    const loader = elf.interp && new TextDecoder().decode(elf.interp);
    // Only Arm has armel.
    assertEquals(cLibraryOf("riscv64", loader), library === "armel" ? "other" : library);
  }
});

Deno.test("subjectOf() takes the other common machine if nothing is named", () => {
  assertEquals(seen(subject({})), [EM_AARCH64, undefined]);
});

Deno.test("subjectOf() rejects what it cannot interpret", () => {
  const why = (wish: Partial<Wish>) => {
    const result = ask(wish);
    return result.ok ? "" : result.failure.why;
  };
  assertEquals(
    why({ what: "none" }),
    "not found in PATH, and not an interpreter (emu, own)",
  );
  const bare = subjectOf({ ...NOTHING, what: "emu" }, new FakeEnvironment());
  assert(!bare.ok);
  assertEquals(
    bare.failure.why,
    "not found in PATH, and no interpreter is configured",
  );
  assertEquals(why({ what: "own" }), "interpreter “own” supports only this machine");
  assertEquals(why({ target: "vax" }), "“vax” is neither a machine nor a format");
  assertEquals(why({ what: "./none" }), "no such file");
});
