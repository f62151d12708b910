/** docs/commands.md: the help of every command. */
import { COMMANDS } from "../lib/commands/command_table.ts";
import { help } from "../lib/commands/help.ts";
import { formatMarkdown } from "./format_markdown.ts";

const INTRODUCTION = `# Commands

This page is made from the program's own help. The [man page](binfmt-dispatcher.1) also has files,
environment and exit statuses.
`;

async function block(commands: typeof COMMANDS): Promise<string> {
  const outcome = await help(commands);
  if (!outcome.ok) throw new Error(outcome.failure.why);
  return `\`\`\`text\n${outcome.value.stdout}\`\`\`\n`;
}

export async function commandsPage(): Promise<string> {
  const parts = [INTRODUCTION, await block(COMMANDS)];
  for (const command of COMMANDS) parts.push(`## ${command.name}\n`, await block([command]));
  return await formatMarkdown(parts.join("\n"));
}
