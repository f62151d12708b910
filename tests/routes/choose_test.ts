import { assertEquals } from "@std/assert";
import { chooseInterpreters, isMadeFor, linkageBits } from "../../lib/routes/choose.ts";
import { WHEN } from "../../lib/routes/format.ts";
import { format, interpreter, JAR, smallConfig, X86_64 } from "./small_config.ts";

const config = smallConfig({
  defaults: ["fex", "box64", "qemu"],
  machines: { riscv64: ["qemu"] },
  interpreters: {
    fex: interpreter("/fex"),
    box64: interpreter("/box64", { linkage: "dynamic" }),
    static: interpreter("/static", { linkage: "static" }),
    qemu: interpreter("/qemu", { machines: ["x86_64", "riscv64"] }),
    java: interpreter("/java", { machines: [], linkage: "dynamic" }),
  },
  formats: { jar: format({ extension: "jar", interpreter: ["java"] }) },
});

const RISCV64 = { ...X86_64, name: "riscv64" };

function chosen(rule: readonly string[], target = X86_64): string {
  const canServe = (id: string) => isMadeFor(config, id, target);
  return chooseInterpreters(config, rule, target, canServe).map(({ id, linkage }) =>
    `${id}${["", "/static", "/dynamic"][linkage]}`
  ).join(" ");
}

Deno.test("chooseInterpreters() takes the default list if there is no other", () => {
  assertEquals(chosen([]), "fex box64/dynamic qemu");
});

Deno.test("chooseInterpreters() prefers a rule's list to the machine's and the default one", () => {
  assertEquals(chosen(["qemu", "fex"]), "qemu fex");
  assertEquals(chosen([], RISCV64), "qemu");
  assertEquals(chosen(["fex"], RISCV64), "qemu");
});

Deno.test("chooseInterpreters() goes on to the next list for a linkage not served", () => {
  assertEquals(chosen(["box64"]), "box64/dynamic fex/static qemu/static");
  assertEquals(chosen(["static"]), "fex/dynamic box64/dynamic qemu/dynamic static/static");
  assertEquals(chosen(["static", "box64"]), "static/static box64/dynamic");
});

Deno.test("chooseInterpreters() takes each interpreter once and ignores unknown ones", () => {
  assertEquals(chosen(["qemu", "nobody", "qemu"]), "qemu");
});

Deno.test("chooseInterpreters() ignores linkage and the default list for formats", () => {
  assertEquals(chosen([], JAR), "java");
  assertEquals(chosen(["fex"], JAR), "java");
  assertEquals(chosen([], { ...JAR, name: "go" }), "");
});

Deno.test("isMadeFor() accepts what a format names, but not for a machine of that name", () => {
  assertEquals(isMadeFor(config, "java", JAR), true);
  assertEquals(isMadeFor(config, "fex", JAR), false);
  assertEquals(isMadeFor(config, "java", { ...JAR, elf: true }), false);
});

Deno.test("linkageBits() gives the condition for an interpreter's linkage", () => {
  assertEquals(linkageBits("both"), 0);
  assertEquals(linkageBits("static"), WHEN.STATIC);
  assertEquals(linkageBits("dynamic"), WHEN.DYNAMIC);
});
