import { assertEquals } from "@std/assert";
import { expandItems, expandPath } from "../../lib/routes/expand.ts";
import type { Facts } from "../../lib/routes/facts.ts";
import { MARKER } from "../../lib/routes/format.ts";
import { bytes, smallFacts, text } from "./small_facts.ts";

const item = (...parts: (string | number)[]) =>
  new Uint8Array(parts.flatMap((part) => typeof part === "number" ? [part] : [...bytes(part)]));

function expand(
  items: readonly Uint8Array[],
  facts: Facts,
  never_forward: string[] = [],
  wrapped = false,
): string[] {
  const never = never_forward.map(bytes);
  const meaning = { facts, sysroot: bytes("/usr/x"), never_forward: never, wrapped };
  return expandItems(items, meaning).map(text);
}

Deno.test("expandItems() fills markers in, several in one item too", () => {
  const items = [
    item("a", MARKER.PROGRAM, ":", MARKER.ARGV0),
    item(MARKER.SYSROOT),
    item(""),
    item(MARKER.ARGUMENTS),
  ];
  assertEquals(expand(items, smallFacts({ args: [bytes(""), bytes("y")] })), [
    ...["a./prog:prog", "/usr/x", "", "", "y"],
  ]);
});

Deno.test("expandItems() passes bytes that are no UTF-8 as they are", () => {
  const facts = smallFacts({ argv0: new Uint8Array([0xff, 0x80]) });
  const meaning = { facts, sysroot: bytes(""), never_forward: [], wrapped: true };
  assertEquals(expandItems([item(MARKER.ARGV0)], meaning), [new Uint8Array([0xff, 0x80])]);
});

Deno.test("expandItems() leaves items out that do not count", () => {
  const items = [item(MARKER.TERMINAL, "-t"), item(MARKER.HOME, "/x"), item(MARKER.XDG_DATA_HOME)];
  assertEquals(expand(items, smallFacts()), []);
  const facts = smallFacts({ terminal: true, env: ["HOME=/h"] });
  assertEquals(expand(items, facts), ["-t", "/h/x", "/h/.local/share"]);
});

Deno.test("expandItems() shows a guest its own /run and the host's below it", () => {
  const items = [item(MARKER.ABSOLUTE), item(MARKER.CWD)];
  const seen = (program: string, cwd: string) =>
    expand(items, smallFacts({ program: bytes(program), cwd: bytes(cwd) }));
  assertEquals(seen("./p", "/home"), ["/home/./p", "/home"]);
  assertEquals(seen("p", "/run/user"), ["/run/muvm-host/run/user/p", "/run/muvm-host/run/user"]);
  assertEquals(seen("/run", "/run"), ["/run/muvm-host/run", "/run/muvm-host/run"]);
  assertEquals(seen("/runner/p", "/"), ["/runner/p", "/"]);
  assertEquals(seen("run/p", "/"), ["/run/muvm-host/run/p", "/"]);
});

Deno.test("expandItems() sees where a path leads below /run by links or ..", () => {
  const seen = (program: string, canonical: string) =>
    expand(
      [item(MARKER.ABSOLUTE)],
      smallFacts({ program: bytes(program), cwd: bytes("/usr"), canonical: bytes(canonical) }),
    );
  assertEquals(seen("../run/p", "/run/p"), ["/run/muvm-host/run/p"]);
  assertEquals(seen("/var/run/p", "/run/p"), ["/run/muvm-host/run/p"]);
  assertEquals(seen("/run/link", "/usr/p"), ["/run/muvm-host/run/link"]);
  assertEquals(seen("/run/link", "/run/p"), ["/run/muvm-host/run/link"]);
});

Deno.test("expandItems() guards what muvm refuses among the arguments", () => {
  const args = ["-h", "--help", "=x", "x", "-hx", "--help=x", ""];
  const facts = smallFacts({ args: args.map(bytes) });
  assertEquals(expand([item(MARKER.ARGUMENTS)], facts), args);
  assertEquals(expand([item(MARKER.ARGUMENTS)], facts, [], true), [
    ...["=-h", "=--help", "==x", "x", "-hx", "--help=x", ""],
  ]);
});

Deno.test("expandItems() forwards identifiers of UTF-8 that are the host's business", () => {
  const env = ["A=1", "_b2=", "2c=1", "d-e=1", "LONG_ONE=1", "LONG=1", "none", "=x", "É=1"];
  const forwarded = (never: string[]) => expand([item(MARKER.FORWARD)], smallFacts({ env }), never);
  assertEquals(forwarded([]), ["-e", "A", "-e", "_b2", "-e", "LONG_ONE", "-e", "LONG"]);
  assertEquals(forwarded(["LONG", "_b"]), ["-e", "A", "-e", "_b2", "-e", "LONG_ONE"]);
  assertEquals(forwarded(["LONG*", "A"]), ["-e", "_b2"]);
  assertEquals(forwarded(["*"]), []);
  const bad = { ...smallFacts(), env: [new Uint8Array([0x41, 0x3d, 0xff])] };
  assertEquals(expand([item(MARKER.FORWARD)], bad), []);
});

Deno.test("expandPath() knows no path in an unknown folder, and none that is too long", () => {
  const path = (facts: Facts, ...parts: (string | number)[]) => {
    const found = expandPath(item(...parts), facts);
    return found && text(found);
  };
  const home = smallFacts({ env: ["HOME=/h"] });
  assertEquals(path(home, MARKER.HOME, "/x"), "/h/x");
  assertEquals(path(home, MARKER.XDG_DATA_HOME, "/x"), "/h/.local/share/x");
  assertEquals(path(smallFacts(), MARKER.HOME, "/x"), undefined);
  assertEquals(path(home, "/".repeat(4095))?.length, 4095);
  assertEquals(path(home, "/".repeat(4096)), undefined);
});
