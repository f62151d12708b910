import { assert, assertEquals } from "@std/assert";
import { candidateRows } from "../../lib/explain/candidate_rows.ts";
import { style } from "../../lib/style.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { report } from "./reports.ts";

const plain = style(new FakeEnvironment(), 1);

function rows(name: string): string[] {
  return candidateRows(report(name), plain).map((row) => row.join("|"));
}

Deno.test("candidateRows() names the page size once, and what each candidate lacks", () => {
  assertEquals(rows("fallback"), [
    "1|FEX|/usr/bin/FEX|passed over: needs pages of 4096 bytes, but the host has 16384",
    "2|FEX|/usr/bin/FEX in muvm|missing: /usr/bin/muvm",
    "|||missing: /usr/bin/muvm-guest",
    "|||missing: /dev/kvm",
    "3|FEX|/usr/bin/FEXInterpreter in muvm|missing: /usr/bin/FEXInterpreter",
    "4|box64|/usr/bin/box64|missing: /usr/bin/box64",
    "5|QEMU|/usr/bin/qemu-x86_64|missing: /usr/bin/qemu-x86_64",
    "6|QEMU|/usr/bin/qemu-x86_64-static|taken",
  ]);
});

Deno.test("candidateRows() says once why muvm cannot be used, and what is foreign", () => {
  assertEquals(rows("muvm-for-root").slice(0, 3), [
    "1|FEX|/usr/bin/FEX|passed over: needs pages of 4096 bytes, but the host has 16384",
    "2|FEX|/usr/bin/FEX in muvm|passed over: muvm refuses root",
    "3|box64|/usr/bin/box64|missing: /usr/bin/box64",
  ]);
  assertEquals(
    rows("foreign")[1],
    "2|FEX|/usr/bin/FEX|is not a program of this machine",
  );
});

Deno.test("candidateRows() names the missing loader, and where it was looked for", () => {
  assertEquals(rows("no-loader").slice(0, 2), [
    "1|QEMU|/usr/bin/qemu-riscv64|lacks the loader /lib/ld-linux-riscv64-lp64d.so.1",
    "|||below / or /usr/riscv64-linux-gnu or /usr/riscv64-linux-musl",
  ]);
});

Deno.test("candidateRows() omits muvm if the page size fits, not other linkages", () => {
  assertEquals(rows("first-candidate").some((row) => row.includes("muvm")), false);
  assertEquals(rows("odd-letters"), ["1|box64|/usr/bin/box64|taken"]);
  assert(
    rows("static").includes("3|box64|/usr/bin/box64|passed over: for dynamic programs"),
  );
});
