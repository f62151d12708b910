/** Runs images on this machine or under qemu-user. */
import type { Host } from "../../lib/native/program.ts";
import type { Ability } from "../abilities.ts";

export interface Outcome {
  readonly status: number;
  readonly signal: string | null;
  readonly stdout: Uint8Array;
  /** `stdout` as text. */
  readonly text: string;
}

/** More than any test's program needs. */
const SECONDS = 10;

export const TARGETS: readonly Host[] = ["x86_64", "aarch64"];

/** The abilities to execute images for the host. */
export function neededFor(host: Host): Ability[] {
  return host === "x86_64" ? ["x86_64"] : ["qemu-user-static"];
}

/** Runs an image with only this environment. */
export function execute(
  host: Host,
  image: Uint8Array,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Outcome {
  const directory = Deno.makeTempDirSync();
  try {
    const file = `${directory}/program`;
    Deno.writeFileSync(file, image, { mode: 0o755 });
    const emulator = host === "x86_64" ? [] : ["qemu-aarch64-static"];
    // A program that never ends is killed: status 137.
    const limited = ["--signal=KILL", `${SECONDS}`, ...emulator, file, ...args];
    // In its own directory: qemu leaves a core file in the current one.
    const options = { args: limited, cwd: directory, clearEnv: true, env, stdin: "null" } as const;
    const { code, signal, stdout } = new Deno.Command("timeout", options).outputSync();
    return { status: code, signal, stdout, text: new TextDecoder().decode(stdout) };
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}
