/** Configurations of a few words. */
import type { Config, Effective, Format, Interpreter, Rule } from "../../lib/config/config.ts";
import type { Target } from "../../lib/routes/targets.ts";

export function interpreter(path: string, more: Partial<Interpreter> = {}): Interpreter {
  return {
    name: path.slice(path.lastIndexOf("/") + 1),
    path: [path],
    args: ["{program}"],
    env: {},
    machines: ["x86_64"],
    linkage: "both",
    sysroot: [],
    required_paths: [],
    dynamic_required_paths: [],
    packages: {},
    hint: undefined,
    use_muvm: false,
    ...more,
  };
}

export function rule(path: string, ...interpreter: string[]): Rule {
  return { id: path, path, interpreter, layer: 0 };
}

export function format(more: Partial<Format>): Format {
  const none = { extension: undefined, magic: undefined, mask: undefined, offset: 0, clr: false };
  return { ...none, interpreter: [], ...more };
}

interface Small {
  readonly defaults?: readonly string[];
  readonly machines?: Readonly<Record<string, readonly string[]>>;
  readonly interpreters?: Readonly<Record<string, Interpreter>>;
  readonly muvm?: Partial<Config["muvm"]>;
  readonly formats?: Readonly<Record<string, Format>>;
  readonly rules?: readonly Rule[];
}

export function smallConfig(small: Small): Config {
  return {
    defaults: { interpreter: small.defaults ?? [], log_level: "warn", ask: true },
    machines: new Map(Object.entries(small.machines ?? {})),
    interpreters: new Map(Object.entries(small.interpreters ?? {})),
    muvm: {
      path: "/usr/bin/muvm",
      page_size: 4096,
      args: ["-i"],
      tty_args: ["-t"],
      forward_env: true,
      never_forward: [],
      required_paths: [],
      packages: {},
      linger: 300,
      ...small.muvm,
    },
    formats: new Map(Object.entries(small.formats ?? {})),
    rules: small.rules ?? [],
  };
}

export function effective(config: Config, sources: readonly string[] = []): Effective {
  return {
    config,
    layers: [],
    sources,
    present: new Set(sources),
    links: [],
    whole: true,
    diagnostics: () => Promise.resolve([]),
    origin: () => Promise.resolve(undefined),
  };
}

export const X86_64: Target = {
  name: "x86_64",
  gnu: "x86_64-linux-gnu",
  debian: "amd64",
  elf: true,
};
export const HEXAGON: Target = {
  name: "hexagon",
  gnu: "hexagon-linux-gnu",
  debian: undefined,
  elf: true,
};
export const JAR: Target = { name: "jar", gnu: undefined, debian: undefined, elf: false };
