import { assert, assertEquals } from "@std/assert";
import { handler } from "../../lib/commands/handler.ts";
import { codeName } from "../../lib/commands/handler_code.ts";
import { readElf } from "../../lib/elf/header.ts";
import { encodeCode } from "../../lib/native/linked_code.ts";
import { handlerCode } from "../../tasks/handler_code.ts";
import { ROOT } from "../../tasks/start.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { speaker } from "../programs.ts";

const PLAIN = {
  kind: "handler",
  host: undefined,
  resolver: undefined,
  tables: undefined,
  symbols: false,
  fallbacks: [],
} as const;

/** What ./dev compile puts into dist/. */
const CODE = Object.fromEntries((["x86_64", "aarch64"] as const).map((target) => [
  `${ROOT}/dist/${codeName(target)}`,
  { content: encodeCode(handlerCode(target)) },
]));

type Options = Partial<Record<keyof typeof PLAIN, unknown>>;

function run(options: Options, terminals: readonly number[] = []) {
  const command = { ...PLAIN, ...options } as Parameters<typeof handler>[0];
  const files = {
    ...CODE,
    "/q/qemu-s390x-static": { content: speaker("x86_64", "the first fallback") },
    "/q/qemu-riscv64": { content: speaker("x86_64", "the second fallback") },
  };
  return handler(command, new FakeEnvironment({ machine: "x86_64", terminals, files }));
}

async function written(options: Options) {
  const result = await run(options);
  assert(result.ok && result.value.stdout instanceof Uint8Array);
  return { image: result.value.stdout, stderr: result.value.stderr };
}

async function image(options: Options): Promise<Uint8Array> {
  return (await written(options)).image;
}

Deno.test("handler writes a static ELF program for each host, the same each time", async () => {
  for (const host of ["x86_64", "aarch64"]) {
    const bytes = await image({ host });
    const header = readElf((offset, limit) => bytes.subarray(offset, offset + limit));
    assert(!("error" in header));
    assertEquals([header.machine?.name, header.linkage], [host, "static"]);
    assertEquals(bytes, await image({ host }));
  }
  assertEquals(await image({}), await image({ host: "x86_64" }));
});

Deno.test("handler contains the given paths, and symbols with --symbols", async () => {
  const plain = await image({ resolver: "/opt/resolver", tables: "/opt/tables" });
  const text = new TextDecoder("latin1").decode(plain);
  assert(text.includes("/opt/resolver"));
  assert(text.includes("/opt/tables"));
  assert((await image({ symbols: true })).length > (await image({})).length);
});

Deno.test("handler refuses other hosts, relative paths and terminals", async () => {
  const why = async (...args: Parameters<typeof run>) => {
    const result = await run(...args);
    return result.ok ? "written" : result.failure.why;
  };
  assertEquals(await why({ host: "s390x" }), "supported hosts are x86_64 and aarch64");
  assertEquals(await why({ resolver: "resolver" }), "it is not an absolute path");
  assertEquals(await why({ tables: `/${"x".repeat(2000)}` }), "it is longer than 1024 bytes");
  assertEquals(await why({}, [1]), "it is an ELF program");
});

Deno.test("handler embeds interpreters, and says how large they are", async () => {
  assertEquals((await written({})).stderr, undefined);
  const fallbacks = ["/q/qemu-s390x-static", "/q/qemu-riscv64"];
  const { image, stderr } = await written({ fallbacks });
  const text = new TextDecoder("latin1").decode(image);
  for (const which of ["first", "second"]) assert(text.includes(`the ${which} fallback`), which);
  assertEquals(
    stderr,
    `The handler has ${(text.length / 1e6).toFixed(1)} MB and embeds:
  qemu-s390x-static, for s390x programs: 0.0 MB
  qemu-riscv64, for riscv64 programs: 0.0 MB
`,
  );
  const failed = await run({ fallbacks: ["/q/none-such"] });
  assertEquals(failed.ok || failed.failure.what, "use “/q/none-such” as --fallback");
});
