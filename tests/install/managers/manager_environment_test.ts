import { assertEquals } from "@std/assert";
import { managerEnvironment } from "../../../lib/install/managers/manager_environment.ts";

Deno.test("managerEnvironment() is root's, or differs only in HOME for a user", () => {
  const { HOME, ...rest } = managerEnvironment();
  assertEquals(HOME, "/root");
  assertEquals(managerEnvironment("/home/u"), { ...rest, HOME: "/home/u" });
});

Deno.test("managerEnvironment() sets the C locale, and a PATH with /sbin", () => {
  const { LC_ALL, PATH } = managerEnvironment();
  assertEquals(LC_ALL, "C.UTF-8");
  assertEquals(PATH?.split(":").sort(), ["/bin", "/sbin", "/usr/bin", "/usr/sbin"]);
});
