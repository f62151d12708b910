import { isScript, scriptArgument, scriptInterpreter } from "../handler/decide/shebang.ts";

const decoder = new TextDecoder();

export interface Script {
  readonly interpreter: string;
  /** The rest of the line as one argument; undefined if there is none. */
  readonly argument: string | undefined;
}

/** Reads a script's first line; undefined if the kernel would find no interpreter in it. */
export function readScript(head: Uint8Array): Script | undefined {
  if (!isScript(head)) return undefined;
  const interpreter = decoder.decode(scriptInterpreter(head));
  const argument = decoder.decode(scriptArgument(head));
  if (interpreter === "") return undefined;
  return { interpreter, argument: argument === "" ? undefined : argument };
}
