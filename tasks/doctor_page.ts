/** docs/doctor.md: what doctor checks, from its own list. */
import { CHECK_IDS, entryOf } from "../lib/doctor/ids.ts";
import { formatMarkdown } from "./format_markdown.ts";

const PAGE = `# Doctor

\`\`\`text
binfmt-dispatcher doctor             run all checks
binfmt-dispatcher doctor CHECK…      run some of them
binfmt-dispatcher doctor --list      list the checks
binfmt-dispatcher doctor --json      print JSON (docs/json.md)
\`\`\`

\`doctor\` checks everything that running foreign programs depends on; \`explain PROGRAM\` looks at
one program. Each check has a state:

- **good**
- **warning**: something does not work fully.
- **bad**: programs do not start, or an attacker gains something.
- **unknown**: it could not be checked here. Most containers hide the kernel's entries.

For a problem, \`doctor\` also prints what it affects and how to fix it. Commands need root unless
stated otherwise. The exit status is 1 if a check is bad, 2 for wrong usage, else 0.

\`doctor\` changes nothing and asks no questions. It prints no user names, names of home directories
or variables, so the output can go into a bug report; faulty lines of a layer are quoted. Run it as
the user whose programs do not start, because muvm, the user's layer and route tables differ between
users.

\`start\` has the kernel start a program of each enabled machine that only the handler answers. The
program runs without new privileges (no_new_privs), input, output and environment, and for root as
nobody, for at most ten seconds. It exists only in memory; formats that are recognised by file name
are not tested. \`muvm-start\` starts muvm's virtual machine, and runs only when named.

| check | what it checks | what it affects |
| --- | --- | --- |
${CHECK_IDS.map((id) => `| \`${id}\` | ${entryOf(id).what} | ${entryOf(id).affects} |`).join("\n")}
`.replaceAll("\\`", "`");

export function doctorPage(): Promise<string> {
  return formatMarkdown(PAGE);
}
