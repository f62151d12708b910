import { assertEquals } from "@std/assert";
import type { Interpreter } from "../../lib/config/config.ts";
import { considerCandidate } from "../../lib/routes/consider.ts";
import type { Facts } from "../../lib/routes/facts.ts";
import { PROBE } from "../../lib/routes/format.ts";
import { WRAPPER_WORDS } from "../../lib/routes/wrapper_words.ts";
import { interpreter, X86_64 } from "./small_config.ts";
import { bytes, smallFacts } from "./small_facts.ts";
import { tableOf } from "./table_of.ts";

const KIND = {
  ...{ extension: undefined, offset: 0, magic: bytes(""), mask: bytes("") },
  ...{ probe: PROBE.PT_INTERP, row: 0, clr_row: 0 },
};

/** The verdicts on all candidates of one interpreter. */
function verdicts(more: Partial<Interpreter>, loader: string | undefined, facts: Facts) {
  const table = tableOf({ interpreters: { x: interpreter("/x", more) }, defaults: ["x"] });
  const program = {
    kind: KIND,
    row: 0,
    name: "x86_64",
    linkage: loader === undefined ? "static" as const : "dynamic" as const,
    loader: loader === undefined ? undefined : bytes(loader),
  };
  const row = table.kinds().find((kind) => table.rowName(kind.row) === X86_64.name)!.row;
  return table.candidates(table.ids(row)[0]!.list).map((at) =>
    considerCandidate(table, table.candidate(at), program, facts)
  );
}

const words = (considered: ReturnType<typeof verdicts>) =>
  considered.map(({ verdict }) => {
    switch (verdict.kind) {
      case "usable":
        return verdict.foreign ? "foreign" : "usable";
      case "wrapper":
        return verdict.why;
      case "conditions":
        return `not ${verdict.conditions.join(", ")}`;
      case "missing":
        return `lacks ${verdict.groups.map((group) => group.join("|")).join(", ")}`;
      case "no loader":
        return `no loader in ${verdict.sysroots.join(", ")}`;
    }
  });

Deno.test("considerCandidate() says which conditions do not hold", () => {
  const facts = smallFacts({ present: ["/x"], page_size: 16384 });
  assertEquals(words(verdicts({ linkage: "dynamic" }, undefined, facts)), ["not dynamic"]);
  assertEquals(words(verdicts({ linkage: "static" }, "/ld.so", facts)), ["not static"]);
  const both = words(verdicts({ linkage: "dynamic", use_muvm: true }, undefined, facts));
  assertEquals(both, ["not dynamic, pages fit", "not dynamic"]);
});

Deno.test("considerCandidate() takes the plain candidate where pages fit, else muvm's", () => {
  const env = ["XDG_RUNTIME_DIR=/run/user/1000"];
  const present = ["/x", "/usr/bin/muvm"];
  const found = (page_size: number) =>
    words(verdicts({ use_muvm: true }, undefined, smallFacts({ env, present, page_size })));
  assertEquals(found(4096), ["usable", "not pages differ"]);
  assertEquals(found(16384), ["not pages fit", "usable"]);
});

Deno.test("considerCandidate() names all that is missing, with all alternatives", () => {
  const required_paths = [["/a"], ["/b", "~/b"], ["/c"]];
  const facts = smallFacts({ present: ["/x", "/c"], env: ["HOME=/h"] });
  const [found] = verdicts({ required_paths }, undefined, facts);
  assertEquals(words([found!]), ["lacks /a, /b|/h/b"]);
  assertEquals(found!.needs.map(({ found }) => found), ["/x", undefined, undefined, "/c"]);
  assertEquals(words(verdicts({ path: ["~/x"] }, undefined, smallFacts())), ["lacks ~/x"]);
});

Deno.test("considerCandidate() looks for a dynamic program's loader", () => {
  const sysroot = ["/", "/usr/{gnu}"];
  const facts = smallFacts({ present: ["/x", "/usr/x86_64-linux-gnu/ld.so", "/ld.so"] });
  const at = (loader: string | undefined) => verdicts({ sysroot }, loader, facts)[0]!;
  assertEquals(at("/ld.so").sysroot, bytes("/usr/x86_64-linux-gnu"));
  assertEquals(at(undefined).sysroot, bytes("/"));
  assertEquals(words([at("/other.so")]), ["no loader in /, /usr/x86_64-linux-gnu"]);
  assertEquals(words([at("ld.so")]), ["no loader in /, /usr/x86_64-linux-gnu"]);
  assertEquals(words(verdicts({}, "/other.so", facts)), ["usable"]);
});

Deno.test("considerCandidate() sees that an interpreter is no program of this machine", () => {
  const more = { path: ["/a", "/x"], required_paths: [["/r"]] };
  const foreign = smallFacts({ present: ["/a", "/x", "/r"], foreign: ["/x", "/r"] });
  assertEquals(words(verdicts(more, undefined, foreign)), ["usable", "foreign"]);
});

Deno.test("considerCandidate() asks whether muvm can work before it looks for it", () => {
  const found = (more: Parameters<typeof smallFacts>[0]) =>
    words(verdicts({ use_muvm: true }, undefined, smallFacts({ page_size: 16384, ...more })))[1];
  assertEquals(found({ euid: 0 }), WRAPPER_WORDS.root);
  assertEquals(found({}), WRAPPER_WORDS.runtime);
  assertEquals(found({ env: ["XDG_RUNTIME_DIR=/run"] }), "lacks /x, /usr/bin/muvm");
  assertEquals(found({ euid: 0, page_size: 4096 }), "not pages differ");
});
