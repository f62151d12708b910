/**
 * Stand-in for jsr:@std/cli: parseArgs with the options that this project uses, and exactly the
 * same results for them. Arguments are always strings: "_" must be among `string`, and dotted names
 * and numbers have no meaning.
 * https://github.com/denoland/std/blob/main/cli/parse_args.ts
 */

export interface ParseOptions {
  /** Options that take a value, and "_": operands stay strings. */
  readonly string: readonly string[];
  readonly boolean?: readonly string[];
  /** Options whose values are collected; of others, the last value counts. */
  readonly collect?: readonly string[];
  readonly alias?: Readonly<Record<string, string>>;
  /** Everything after the first operand is an operand. */
  readonly stopEarly?: boolean;
  /** Return what follows `--` separately. */
  readonly "--"?: boolean;
  /** Called for each operand and unknown option; false drops it. */
  readonly unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

export interface Args {
  _: string[];
  "--"?: string[];
  // deno-lint-ignore no-explicit-any -- as in @std/cli
  [name: string]: any;
}

const LONG = /^--([^=]+)(?:=(.*))?$/s;
const BOOLEAN = /^(?:true|false)$/;

export function parseArgs(
  args: readonly string[],
  options: ParseOptions,
): Args {
  const strings = new Set(options.string);
  const booleans = new Set(options.boolean);
  const collect = new Set(options.collect);
  const aliases = new Map(
    Object.entries(options.alias ?? {}).flatMap(([a, b]) => [[a, b], [b, a]] as const),
  );
  const isBoolean = (key: string) => booleans.has(key) || booleans.has(aliases.get(key) ?? "");
  const result: Args = { _: [] };

  function set(key: string, value: unknown, arg: string): void {
    const known = booleans.has(key) || strings.has(key) || aliases.has(key);
    if (!known && options.unknown?.(arg, key, value) === false) return;
    for (const name of [key, aliases.get(key)]) {
      if (name === undefined) continue;
      result[name] = collect.has(name) ? [...(result[name] ?? []), value] : value;
    }
  }

  const terminator = args.indexOf("--");
  const before = terminator < 0 ? args : args.slice(0, terminator);
  const after = terminator < 0 ? [] : args.slice(terminator + 1);
  for (let i = 0; i < before.length; i += 1) {
    const arg = before[i]!;
    if (!/^-./s.test(arg)) {
      if (options.unknown?.(arg) !== false) result._.push(arg);
      if (!options.stopEarly) continue;
      result._.push(...before.slice(i + 1));
      break;
    }
    const [, long, value] = LONG.exec(arg) ?? [];
    // All letters of -abc are options, and the last one can have a value.
    const letters = long === undefined ? arg.slice(1) : "";
    for (const letter of letters.slice(0, -1)) {
      set(letter, strings.has(letter) ? "" : true, arg);
    }
    const key = long ?? letters.slice(-1);
    const next = before[i + 1];
    if (value !== undefined && value !== "") {
      set(key, booleans.has(key) ? value === "true" : value, arg);
    } else if (next && !next.startsWith("-") && !isBoolean(key)) {
      set(key, next, arg);
      i += 1;
    } else if (next !== undefined && BOOLEAN.test(next)) {
      set(key, next === "true", arg);
      i += 1;
    } else set(key, strings.has(key) ? "" : true, arg);
  }
  for (const key of booleans) result[key] ??= collect.has(key) ? [] : false;
  for (const key of collect) if (strings.has(key)) result[key] ??= [];
  if (options["--"]) result["--"] = after;
  else result._.push(...after);
  return result;
}
