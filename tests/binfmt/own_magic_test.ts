import { assert, assertEquals } from "@std/assert";
import { ownFiles } from "../../lib/binfmt/own_magic.ts";
import { registration } from "../../lib/binfmt/registration.ts";
import { config as configCommand } from "../../lib/commands/config.ts";
import { loadConfig } from "../../lib/config/load.ts";
import { MACHINES } from "../../lib/elf/machines.ts";
import { FakeEnvironment } from "../fake_environment.ts";

/** What `binfmt` and `config check` say about a format with these keys. */
async function verdicts(keys: string, host = "x86_64"): Promise<string[]> {
  const files = { "/etc/binfmt-dispatcher.toml": `[formats.x]\n${keys}\n` };
  const environment = new FakeEnvironment({ files, machine: host });
  const { config } = loadConfig(environment, { user: false });
  const request = { host, machines: ["x"], flags: undefined, handler: "/h", direct: undefined };
  const made = registration(request, config);
  const checked = await configCommand(
    { kind: "config", root: "", action: "check", files: [], json: false },
    environment,
  );
  assert(checked.ok);
  return [made.ok ? "printed" : made.failure.why, String(checked.value.stdout)];
}

Deno.test("a magic that matches the host's files is refused, and reported by check", async () => {
  const own = [
    "magic = '\\x02'\noffset = 4",
    "magic = '\\x7fELF'",
    "magic = '#!'",
    "magic = '#!/bin/sh'",
    "magic = '! /'\noffset = 1",
    "magic = '\\x03\\x00\\x3e\\x00'\noffset = 16",
    "magic = 'abc'\nmask = '\\x00\\x00\\x00'",
    "magic = '\\x03'\noffset = 7",
  ];
  for (const keys of own) {
    const [made, checked] = await verdicts(keys);
    assert(made!.endsWith(": nothing would start"), keys);
    const line = keys.startsWith("magic") ? 2 : 1;
    assert(
      checked!.startsWith(`/etc/binfmt-dispatcher.toml:${line}: formats.x.magic: it matches `),
      checked,
    );
  }
});

Deno.test("a magic that matches none of the host's files is accepted", async () => {
  for (
    const keys of ["magic = 'MZ'", "magic = '\\x00asm'", "magic = '#!/opt/'", "extension = 'so'"]
  ) {
    assertEquals(await verdicts(keys), ["printed", "No errors or warnings in 1 layer\n"], keys);
  }
  const arm = "magic = '\\x7fELF\\x01'";
  assertEquals((await verdicts(arm, "aarch64"))[0], "printed");
  assert((await verdicts(arm, "x86_64"))[0]!.includes("the host's own i386 programs"));
});

Deno.test("ownFiles() finds that a magic matches only the handler", () => {
  const handler = MACHINES.find(({ name }) => name === "x86_64")!.magics[0]!.magic.slice();
  const whole = new Uint8Array(256);
  whole.set(handler);
  whole[60] = 7;
  const telling = { magic: new Uint8Array([7]), mask: new Uint8Array([255]), offset: 60 };
  assertEquals(ownFiles(telling, "x86_64", whole), "the handler itself");
  assertEquals(ownFiles(telling, "x86_64"), undefined);
});
