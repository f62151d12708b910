import { assert, assertEquals } from "@std/assert";
import { registration, type Request } from "../../lib/binfmt/registration.ts";
import { MACHINES } from "../../lib/elf/machines.ts";
import { configOf } from "../config/load_config.ts";

const CONFIG = configOf(`
[formats.windows]
magic = "MZ"
[formats.jar]
extension = "jar"
`);

function register(request: Partial<Request>) {
  return registration({
    host: "x86_64",
    machines: [],
    flags: undefined,
    handler: "/h",
    direct: undefined,
    ...request,
  }, CONFIG);
}

function names(request: Partial<Request>): string[] | string {
  const result = register(request);
  if (!result.ok) {
    return [result.failure.code, result.failure.why, result.failure.hint ?? ""].join(" | ");
  }
  return result.value.lines.map((line) => line.split(":")[1]!.replace("binfmt-dispatcher-", ""));
}

Deno.test("registration() has x86_64 and i386 by default on aarch64, and nothing on x86_64", () => {
  assertEquals(names({ host: "aarch64" }), ["x86_64", "x86", "i486"]);
  assert(names({}).includes("x86_64 hosts have no default machines"));
});

Deno.test("registration() refuses the host's machine and what its kernel runs itself", () => {
  const refused = (host: string, machine: string) => names({ host, machines: [machine] });
  assert(refused("x86_64", "x86_64").includes("refused | it is the host's own machine"));
  assert(refused("aarch64", "aarch64").includes("refused | it is the host's own machine"));
  assert(refused("x86_64", "i386").includes("refused | x86_64 kernels run i386 programs"));
  assertEquals(refused("aarch64", "arm"), ["arm"], "asked for by name");
  // One wrong name, and there is no line at all.
  assert(names({ machines: ["riscv64", "x86_64"] }).includes("refused"));
});

Deno.test("registration() knows every machine, each once, and the configuration's formats", () => {
  const foreign = MACHINES.map(({ name }) => name).filter((name) => !/^(x86_64|i386)$/.test(name));
  const all = names({ machines: [...foreign, "windows", "jar", "arm"] });
  assertEquals(all.length, foreign.length + 4, "two of microblaze and microblazeel each");
  assertEquals(all.slice(-2), ["windows", "jar"]);
});

Deno.test("registration() suggests a similar name for an unknown one", () => {
  assert(names({ machines: ["arm64"] }).includes("usage | no such machine"));
  assert(names({ machines: ["arm64"] }).includes("“aarch64”"));
  assert(names({ machines: ["risv64"] }).includes("“riscv64”"));
  assert(names({ machines: ["window"] }).includes("“windows”"));
  assert(names({ host: "constructor" }).includes("the host must be one of"));
});

Deno.test("registration() uses the requested flags, and POF by default", () => {
  const flags = (flags?: string) => {
    const result = register({ machines: ["arm"], flags });
    return result.ok ? result.value.lines[0]!.split(":").at(-1) : result.failure.code;
  };
  assertEquals([flags(), flags("P"), flags("C")], ["POF", "P", "refused"]);
});
