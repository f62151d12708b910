/** Small configurations: what a test gives, and defaults. */
import type { Config, Effective, Format, Interpreter, Rule } from "../../lib/config/config.ts";
import type { Target } from "../../lib/routes/targets.ts";
import { configOf } from "../config/load_config.ts";

const DEFAULTS = configOf('[interpreters.x]\npath = "/x"\n');
const INTERPRETER = DEFAULTS.interpreters.get("x")!;

export function interpreter(path: string, more: Partial<Interpreter> = {}): Interpreter {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return { ...INTERPRETER, name, path: [path], machines: ["x86_64"], ...more };
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
    defaults: { ...DEFAULTS.defaults, interpreter: small.defaults ?? [] },
    machines: new Map(Object.entries(small.machines ?? {})),
    interpreters: new Map(Object.entries(small.interpreters ?? {})),
    muvm: { ...DEFAULTS.muvm, ...small.muvm },
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
    diagnostics: () => [],
    origin: () => undefined,
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
