import { assertEquals } from "@std/assert";
import type { Interpreter } from "../../lib/config/config.ts";
import { Candidates, type Draft } from "../../lib/routes/candidates.ts";
import { MARKER, WHEN } from "../../lib/routes/format.ts";
import { type Target, targetsOf } from "../../lib/routes/targets.ts";
import { templateWords } from "../../lib/routes/template_words.ts";
import { HEXAGON, interpreter, JAR, smallConfig, X86_64 } from "./small_config.ts";

function items(text: string): string[] {
  const bytes = Uint8Array.from(text, (byte) => byte.charCodeAt(0));
  const found: string[] = [];
  for (let at = 0; bytes[at] !== MARKER.END;) {
    const end = bytes.indexOf(0, at);
    found.push(templateWords(bytes.subarray(at, end)));
    at = end + 1;
  }
  return found;
}

function candidates(more: Partial<Interpreter>, target: Target = X86_64): readonly Draft[] {
  const interpreters = { x: interpreter("/usr/bin/x", more) };
  return new Candidates(smallConfig({ interpreters })).of("x", target, 0);
}

const argv = (draft: Draft | undefined) => draft && items(draft.argv).join(" ");
const requirements = (draft: Draft | undefined) =>
  draft?.requirements.map((group) => group.map(items).join("|"));

Deno.test("Candidates.of() gives one candidate for each path", () => {
  const found = candidates({
    path: ["/usr/bin/x-{machine}", "~/x"],
    required_paths: [["/r", "~/r"]],
  });
  assertEquals(found.map(({ path }) => path), ["/usr/bin/x-x86_64", "~/x"]);
  assertEquals(found.map(argv), [
    "/usr/bin/x-x86_64 {program} {arguments …}",
    "~/x {program} {arguments …}",
  ]);
  assertEquals(requirements(found[1]), ["~/x", "/r|~/r"]);
});

Deno.test("Candidates.of() gives a path named qemu-MACHINE to that machine only", () => {
  const path = ["/a/qemu-x86_64", "~/qemu-i386-static", "/a/qemu-{machine}", "/a/qemu-fast"];
  const paths = (target: Target) => candidates({ path }, target).map(({ path }) => path);
  assertEquals(paths(X86_64), ["/a/qemu-x86_64", "/a/qemu-x86_64", "/a/qemu-fast"]);
  assertEquals(paths(HEXAGON), ["/a/qemu-hexagon", "/a/qemu-fast"]);
  // A format takes every interpreter that it names.
  assertEquals(paths(JAR), ["/a/qemu-x86_64", "~/qemu-i386-static", "/a/qemu-jar", "/a/qemu-fast"]);
});

Deno.test("Candidates.of() fills in arguments and variables", () => {
  const args = ["-L", "{sysroot}", "-0{argv0}", "{machine}", "{other}"];
  const [found] = candidates({ args, env: { A: "{argv0}:{gnu}" } });
  assertEquals(
    argv(found),
    "/usr/bin/x -L {sysroot} -0{argv0} x86_64 {other} {arguments …}",
  );
  assertEquals(items(found!.env), ["A={argv0}:x86_64-linux-gnu"]);
});

Deno.test("Candidates.of() leaves out what contains a placeholder without a value", () => {
  assertEquals(candidates({ path: ["/{debian}", "/b"] }, HEXAGON).map(({ path }) => path), ["/b"]);
  assertEquals(candidates({ required_paths: [["/{debian}"]] }, HEXAGON), []);
  assertEquals(requirements(candidates({ required_paths: [["/{debian}", "/b"]] }, HEXAGON)[0]), [
    "/usr/bin/x",
    "/b",
  ]);
  assertEquals(candidates({ args: ["{debian}"] }, HEXAGON), []);
  assertEquals(candidates({ env: { A: "{debian}" } }, HEXAGON), []);
  assertEquals(candidates({ sysroot: ["/{debian}"] }, HEXAGON), []);
  assertEquals(candidates({ sysroot: ["/{debian}", "/"] }, HEXAGON)[0]!.sysroots, ["/"]);
  // A file that is not ELF needs no loader.
  assertEquals(candidates({ sysroot: ["/{gnu}"] }, JAR).length, 1);
});

Deno.test("Candidates.of() gives the sysroots of all C libraries", () => {
  const sysroots = (machine: string) => {
    const target = targetsOf(smallConfig({})).find(({ name }) => name === machine)!;
    const draft = candidates({ machines: [machine], sysroot: ["/", "/usr/{gnu}"] }, target)[0];
    return draft!.sysroots;
  };
  assertEquals(sysroots("s390x"), ["/", "/usr/s390x-linux-gnu", "/usr/s390x-linux-musl"]);
  assertEquals(sysroots("arm"), [
    ...["/", "/usr/arm-linux-gnueabihf", "/usr/arm-linux-gnueabi", "/usr/arm-linux-musleabihf"],
  ]);
});

Deno.test("Candidates.of() adds a candidate through muvm if the page size differs", () => {
  const interpreters = {
    fex: interpreter("/usr/bin/FEX", {
      use_muvm: true,
      args: ["-x", "{program}", "{argv0}"],
      env: { A: "{program}" },
      required_paths: [["/rootfs"]],
    }),
  };
  const muvm = { required_paths: [["/dev/kvm"]], forward_env: true };
  const config = smallConfig({ interpreters, muvm });
  const [plain, through] = new Candidates(config).of("fex", X86_64, WHEN.DYNAMIC);
  assertEquals(plain!.when, WHEN.DYNAMIC | WHEN.PAGES_FIT);
  assertEquals([plain!.muvm, argv(plain)], [
    undefined,
    "/usr/bin/FEX -x {program} {argv0} {arguments …}",
  ]);
  assertEquals(items(plain!.env), ["A={program}"]);
  assertEquals(through!.when, WHEN.DYNAMIC | WHEN.PAGES_DIFFER);
  assertEquals([through!.muvm, through!.path], ["/usr/bin/muvm", "/usr/bin/FEX"]);
  assertEquals(items(through!.argv), [
    ...["/usr/bin/muvm", "-i", "{on a terminal:} -t", "{-e NAME …}", "--"],
    ...["{handler} guest {umask} {standard input} {working directory}", "A={absolute program}"],
    ...["/usr/bin/FEX", "-x", "{absolute program}", "{argv0}", "{arguments …}"],
  ]);
  assertEquals(items(through!.env), []);
  assertEquals(requirements(through), ["/usr/bin/FEX", "/rootfs", "/usr/bin/muvm", "/dev/kvm"]);
});

Deno.test("Candidates.of() forwards no variables if forward_env is false", () => {
  const interpreters = { x: interpreter("/x", { use_muvm: true }) };
  const config = smallConfig({ interpreters, muvm: { forward_env: false, tty_args: [] } });
  const [, through] = new Candidates(config).of("x", X86_64, 0);
  assertEquals(items(through!.argv).slice(0, 3), ["/usr/bin/muvm", "-i", "--"]);
});
