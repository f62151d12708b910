import { isScript, scriptArgument, scriptInterpreter } from "../handler/decide/shebang.ts";

const decoder = new TextDecoder();

export interface Script {
  /** What the kernel starts. */
  readonly interpreter: string;
  /** All that follows it, as one argument; undefined where nothing does. */
  readonly argument: string | undefined;
}

/** Undefined for what is no script, or names no interpreter within what the kernel reads. */
export function readScript(head: Uint8Array): Script | undefined {
  if (!isScript(head)) return undefined;
  const interpreter = decoder.decode(scriptInterpreter(head));
  const argument = decoder.decode(scriptArgument(head));
  if (interpreter === "") return undefined;
  return { interpreter, argument: argument === "" ? undefined : argument };
}
