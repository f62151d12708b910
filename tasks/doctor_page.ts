/** docs/doctor.md: what doctor looks at, from its own list. */
import { CHECK_IDS, entryOf } from "../lib/doctor/ids.ts";
import { formatMarkdown } from "./format_markdown.ts";

const PAGE = `# Doctor

    binfmt-dispatcher doctor             all checks
    binfmt-dispatcher doctor CHECK…      some of them
    binfmt-dispatcher doctor --list      which there are
    binfmt-dispatcher doctor --json      for programs (docs/json.md)

Where programs of another machine do not start, \`doctor\` looks at all that takes part in a
start, and \`explain PROGRAM\` at one program. A check is **good**; a **warning** where something
is lost; **bad** where programs do not start, or an attacker gains by it; **unknown** where it
could not be looked at here, as the kernel's entries in most containers. Where it is not good, what
it affects and what mends it stand below: command lines, for root where they say nothing else. The
exit status is 1 if something is bad, else 0; 2 for wrong usage.

Nothing is changed and nobody is asked. Homes are shown without their names, and no user names or
variables are shown, so the whole can go into a report; what is wrong in a layer is quoted. Ask as
the user whose programs do not start: muvm, a user's layer and tables differ between users.

\`start\` starts a program of each wanted machine that only the handler answers, by the kernel: as
nobody where root asks, without new rights (no_new_privs), without input, output and environment,
for ten seconds at most. It stands in memory; a format that is told by its files' names has none.
muvm's machine is started where \`muvm-start\` is asked for by its name, and not else.

| check | what is looked at | what it affects |
| --- | --- | --- |
${CHECK_IDS.map((id) => `| \`${id}\` | ${entryOf(id).what} | ${entryOf(id).affects} |`).join("\n")}
`.replaceAll("\\`", "`");

export function doctorPage(): Promise<string> {
  return formatMarkdown(PAGE);
}
