/** The architectures of packages. */
import type { HOSTS } from "../shipped_config.ts";

export interface Architecture {
  readonly machine: typeof HOSTS[number];
  /** Debian's name, which nfpm uses. */
  readonly debian: "amd64" | "arm64";
  /** Deno's name. */
  readonly triple: string;
}

export const ARCHITECTURES: readonly Architecture[] = [
  { machine: "x86_64", debian: "amd64", triple: "x86_64-unknown-linux-gnu" },
  { machine: "aarch64", debian: "arm64", triple: "aarch64-unknown-linux-gnu" },
];
