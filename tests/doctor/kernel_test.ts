import { assertEquals } from "@std/assert";
import { binfmtMisc, bpf, handler, kernel, pages, wsl } from "../../lib/doctor/kernel.ts";
import { BINFMT_MISC } from "../../lib/explain/kernel_commands.ts";
import { FORMAT_VERSION } from "../../lib/routes/format.ts";
import { judge } from "./judge.ts";

const HANDLER = "/usr/libexec/binfmt-dispatcher/handler";
const AGAIN = "Reinstall binfmt-dispatcher";
const file = { kind: "file", size: 1, uid: 0, gid: 0, mode: 0o755, ctime: 0 } as const;

Deno.test("kernel: a Linux that is too old is bad", () => {
  assertEquals(judge(kernel, { host: { release: "6.1", old: [] } }), ["good: Linux 6.1"]);
  const old = [{ message: "too old" }] as unknown as [];
  assertEquals(judge(kernel, { host: { release: "5.4", old } }), [
    "bad: too old -> Install a newer kernel",
  ]);
});

Deno.test("handler: absent, silent, another version, with a built-in interpreter", () => {
  const ask = (facts: Parameters<typeof judge>[1]["handler"] & object) =>
    judge(handler, { handler: facts });
  assertEquals(ask({ file: "absent" }), [`bad: ${HANDLER} is not installed -> ${AGAIN}`]);
  assertEquals(ask({ file: "unreadable" }), [
    `unknown: ${HANDLER} cannot be accessed by this user`,
  ]);
  assertEquals(ask({ file, unseen: "it broke" }), [
    `bad: ${HANDLER} could not be queried: it broke -> ${AGAIN}`,
  ]);
  assertEquals(ask({ file, unseen: "LD_X is set", hint: "Unset it" }), [
    `unknown: ${HANDLER} could not be queried: LD_X is set -> Unset it`,
  ]);
  assertEquals(
    ask({ file, told: { format: FORMAT_VERSION - 1, fallbacks: [] } })[0]?.slice(0, 5),
    "bad: ",
  );
  assertEquals(
    ask({ file, told: { format: FORMAT_VERSION, fallbacks: ["qemu-arm", "qemu-ppc"] } }),
    [
      `good: ${HANDLER} is installed and has the same version, and embeds qemu-arm, qemu-ppc ` +
      "for containers",
    ],
  );
});

Deno.test("binfmt_misc: mounted or not, here or in a container, switched, read-only", () => {
  const ask = (host: object, told: object | undefined) =>
    judge(binfmtMisc, { host, handler: { told, unseen: "no handler" } } as never);
  const here = { proc: true, container: false, directory: true };
  const mount = `mount -t binfmt_misc binfmt_misc ${BINFMT_MISC}`;
  assertEquals(ask(here, undefined), [
    "unknown: the kernel's entries could not be read: no handler",
  ]);
  assertEquals(ask(here, {}), [`bad: binfmt_misc is not mounted on ${BINFMT_MISC} -> ${mount}`]);
  assertEquals(ask({ ...here, directory: false }, {}), [
    `bad: binfmt_misc is not mounted on ${BINFMT_MISC} -> modprobe binfmt_misc -> ${mount}`,
  ]);
  assertEquals(ask({ ...here, container: true }, {})[0]?.slice(0, 8), "unknown:");
  assertEquals(ask({ ...here, proc: false }, {})[0]?.slice(0, 8), "unknown:");
  assertEquals(ask(here, { enabled: true, register: 13 }), [
    "good: it is mounted and enabled",
  ]);
  assertEquals(ask(here, { enabled: false, register: 30 }), [
    `bad: it is disabled: no entry takes any program -> echo 1 >${BINFMT_MISC}/status`,
    "warning: it is mounted read-only: nothing can be registered -> " +
    `mount -o remount,rw ${BINFMT_MISC}`,
  ]);
});

Deno.test("bpf: entries of Linux 7.3 are known", () => {
  const entry = (enabled: boolean) => ({ name: "e", enabled, program: "p" });
  const ask = (told: object | undefined) => judge(bpf, { handler: { told } } as never);
  assertEquals(ask({ enabled: true, bpf: [] }), ["good: there are none"]);
  assertEquals(ask({ enabled: true, bpf: [entry(true), entry(false)] }), [
    "warning: e belongs to the BPF program p, which alone decides which programs it takes",
    "good: e belongs to the BPF program p, but is disabled",
  ]);
  assertEquals(ask({ bpf: [] })[0]?.slice(0, 8), "unknown:");
});

Deno.test("wsl: binfmt.d is read if protectBinfmt is off", () => {
  const ask = (wslHere: boolean, protectBinfmt: boolean) =>
    judge(wsl, { host: { wsl: wslHere, protectBinfmt } })[0]?.split(":")[0];
  assertEquals([ask(false, true), ask(true, false), ask(true, true)], ["good", "good", "warning"]);
});

Deno.test("pages: the finding follows the kernel's page size and what interpreters need", () => {
  const ask = (page_size: number, ...use_muvm: boolean[]) => {
    const interpreters = new Map(
      use_muvm.map((each, i) => [`${i}`, { name: "F", use_muvm: each }]),
    );
    const config = { muvm: { page_size: 4096, path: "/m" }, interpreters };
    return judge(
      pages,
      { host: { page_size: 1 }, handler: { told: { page_size } }, config: { config } } as never,
    );
  };
  assertEquals(ask(4096, true), ["good: 4096 bytes, which suits all interpreters"]);
  assertEquals(ask(16384, false), [
    "good: 16384 bytes; no interpreter is configured to need another size",
  ]);
  assertEquals(ask(16384, true, false), ["good: 16384 bytes; F needs 4096, which /m provides"]);
});
