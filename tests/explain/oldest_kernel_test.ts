import { assert } from "@std/assert";
import { config } from "../../lib/commands/config.ts";
import { explain } from "../../lib/commands/explain.ts";
import { oldKernel } from "../../lib/explain/oldest_kernel.ts";
import { RealEnvironment } from "../../lib/real_environment.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { headersOf } from "../programs.ts";

const files = { "/bin/tool": { content: headersOf("riscv64"), mode: 0o755 } };

Deno.test("oldKernel() recognises kernels that are too old", () => {
  const isOld = (release: string, root = "") =>
    oldKernel(new FakeEnvironment({ files, release, root })).length > 0;
  for (const release of ["4.19.0", "5.4.0-1-amd64", "5.11.22", "2.6.32"]) {
    assert(isOld(release), release);
  }
  for (const release of ["5.12.0", "5.100-rc1", "6.1.0-13-arm64", "10.0"]) {
    assert(!isOld(release), release);
  }
  assert(!isOld("5.4.0", "/mnt"), "below another root, the running kernel does not count");
  assert(/^\d+\.\d+/.test(new RealEnvironment("").kernelRelease()));
});

Deno.test("explain and config check name a kernel that is too old", async () => {
  const environment = new FakeEnvironment({ files, release: "5.4.0" });
  const words = "Linux 5.4.0 is too old: before 5.12, a program's argv[0] becomes its first";
  const answers = [
    await explain({ kind: "explain", root: "", program: "/bin/tool", json: false }, environment),
    await config(
      { kind: "config", root: "", action: "check", files: [], json: false },
      environment,
    ),
  ];
  for (const answer of answers) {
    assert(answer.ok && String(answer.value.stdout).includes(words), JSON.stringify(answer));
  }
});
