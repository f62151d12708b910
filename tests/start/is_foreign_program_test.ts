import { assertEquals } from "@std/assert";
import { isForeignProgram } from "../../lib/start/is_foreign_program.ts";
import { FakeEnvironment } from "../fake_environment.ts";
import { headersOf } from "../programs.ts";

const chain = (length: number, end: string) =>
  Object.fromEntries(
    Array.from({ length }, (_, i) => [
      `/${end}${length - i}`,
      `#!/${i + 1 === length ? end : `${end}${length - i - 1}`}\n`,
    ]),
  );

const environment = new FakeEnvironment({
  machine: "aarch64",
  files: {
    "/native": { content: headersOf("aarch64") },
    "/foreign": { content: headersOf("x86_64") },
    "/text": "hello",
    ...chain(6, "native"),
    ...chain(6, "foreign"),
    "/link": { link: "/foreign1" },
    "/through-link": "#! \t/link -x\n",
    "/relative": "#!foreign\n",
    "/circle": "#!/circle\n",
    "/nowhere": "#!/absent\n",
    "/nothing": "#!\n",
    "/secret": { content: headersOf("x86_64"), unreadable: true },
    "/to-secret": "#!/secret\n",
  },
});
const foreign = (path: string) => isForeignProgram(path, "/", environment);

Deno.test("isForeignProgram() asks for what starts a script in the end", () => {
  for (const path of ["/foreign", "/foreign1", "/foreign5", "/through-link", "/text"]) {
    assertEquals([path, foreign(path)], [path, true]);
  }
  for (const path of ["/native", "/native1", "/native5"]) {
    assertEquals([path, foreign(path)], [path, false]);
  }
});

Deno.test("isForeignProgram() finds a relative path in the working directory", () => {
  assertEquals(foreign("/relative"), true);
  assertEquals(isForeignProgram("/relative", "/elsewhere", environment), false);
});

Deno.test("isForeignProgram() leaves to the kernel what it would not start", () => {
  const paths = ["/foreign6", "/circle", "/nowhere", "/nothing", "/secret", "/to-secret"];
  assertEquals(paths.map(foreign), paths.map(() => false));
});
