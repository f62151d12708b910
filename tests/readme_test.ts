import { assert } from "@std/assert";

const read = (path: string) => Deno.readTextFileSync(new URL(`../${path}`, import.meta.url));

Deno.test("README.md shows of explain what it really says", () => {
  const said = read("tests/testdata/explain/readme.txt").replace(/\n*\[status 0\]\n$/, "\n");
  const program = /^(\S+) is /.exec(said)?.[1];
  const transcript = `\`\`\`console\n$ binfmt-dispatcher explain ${program}\n${said}\`\`\`\n`;
  assert(read("README.md").includes(transcript), `Put this into README.md:\n${transcript}`);
});
