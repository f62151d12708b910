import { assert } from "@std/assert";
import { routes } from "../../lib/commands/routes.ts";
import { FORMAT_VERSION } from "../../lib/routes/format.ts";
import { FakeEnvironment, type FakeSystem } from "../fake_environment.ts";

const USER = "/home/u/.config/binfmt-dispatcher/binfmt-dispatcher.toml";
const COMMAND = {
  kind: "routes",
  root: "",
  dump: false,
  format: undefined,
  system: false,
} as const;

const HOME = { "/home/u": { kind: "directory", uid: 1000 } } as const;
const SYSTEM: FakeSystem = {
  files: { "/etc/binfmt-dispatcher.toml": "", ...HOME, [USER]: { content: "", uid: 1000 } },
  variables: { HOME: "/home/u" },
  uid: 1000,
};

async function table(system: FakeSystem, options = {}): Promise<string> {
  const result = await routes({ ...COMMAND, ...options }, new FakeEnvironment(system));
  assert(result.ok);
  const { stdout } = result.value;
  return typeof stdout === "string" ? stdout : new TextDecoder("latin1").decode(stdout);
}

Deno.test("routes writes the table, which names all its sources", async () => {
  const written = await table(SYSTEM);
  assert(written.startsWith("BDroutes") && written.endsWith("BDroutes"));
  for (const path of [USER, "/usr/lib/binfmt-dispatcher.d", "/usr/bin/binfmt-dispatcher"]) {
    assert(written.includes(`${path}\0`), path);
  }
  assert(!(await table(SYSTEM, { system: true })).includes(USER));
  assert(!(await table({ ...SYSTEM, root: "/image" })).includes(USER));
});

Deno.test("routes writes a notice about an ignored user's layer into the table", async () => {
  const files = { ...HOME, [USER]: { content: "", uid: 1001 } };
  const notice = `binfmt-dispatcher: Cannot use “${USER}”: `;
  const utf8 = (text: string) => new TextDecoder("latin1").decode(new TextEncoder().encode(text));
  assert((await table({ ...SYSTEM, files })).includes(utf8(notice)));
  assert(!(await table(SYSTEM)).includes(utf8(notice)));
});

Deno.test("routes writes no table of an unknown format", async () => {
  assert((await table(SYSTEM, { format: String(FORMAT_VERSION) })).startsWith("BDroutes"));
  const result = await routes(
    { ...COMMAND, format: String(FORMAT_VERSION - 1) },
    new FakeEnvironment(SYSTEM),
  );
  assert(!result.ok);
});
