/** Native programs and scripts that the handler gets by their extension or by hand. */
import type { Configuration } from "./configuration.ts";
import type { Target } from "./kinds.ts";
import type { Command, World } from "./world.ts";

const NATIVE: Readonly<Record<string, readonly string[]>> = {
  x86_64: ["x86_64", "i386"],
  aarch64: ["aarch64"],
};

export function isNativeProgram(config: Configuration, { built, host, by_hand, program }: World) {
  if (built.machine === undefined || !NATIVE[host]!.includes(built.machine)) return false;
  const [, extension] = /\.([^./]*)$/.exec(program) ?? [];
  return by_hand ||
    [...config.formats.values()].some((format) =>
      extension !== undefined && format.extension === extension
    );
}

/** The command of a script's first line, unless a format's magic matches the script. */
export function scriptCommand(
  config: Configuration,
  { file, program, args, env }: World,
  kind: Target | undefined,
): Command | undefined {
  const format = config.formats.get(kind?.split(" ")[0] ?? "");
  if (kind !== undefined && format?.extension === undefined) return undefined;
  const text = String.fromCharCode(...file.subarray(0, 256));
  const line = /^#![ \t]*([^ \t\n\0]+)[ \t]*([^\n\0]*)/.exec(text);
  if (line === null) return undefined;
  const [, interpreter = "", argument = ""] = line;
  if (interpreter.length + text.indexOf(interpreter) === 256) return undefined;
  const words = argument === "" ? [] : [argument.replace(/[ \t]+$/, "")];
  return { argv: [interpreter, ...words, program, ...args], env: [...env] };
}
