/** The values that a layer may have, key by key; other values count as absent. */

type Check = (value: unknown) => boolean;

const text = (form: RegExp, longest = 4096): Check => (value) =>
  typeof value === "string" && value.length <= longest && form.test(value);
const listOf = (item: Check, least = 0): Check => (value) =>
  Array.isArray(value) && value.length >= least && value.length <= 1024 && value.every(item);
const either = (...checks: Check[]): Check => (value) => checks.some((check) => check(value));
const oneOrMore = (item: Check): Check => either(item, listOf(item));
const oneOf = (...all: unknown[]): Check => (value) => all.includes(value);
const whole = (least: number, most: number): Check => (value) =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const tableOf = (key: Check, item: Check): Check => (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) &&
  !(value instanceof Date) && Object.entries(value).length <= 1024 &&
  Object.entries(value).every(([name, each]) =>
    !RESERVED.includes(name) && key(name) && item(each)
  );
const defaultOf = (item: Check): Check => (value) =>
  typeof value === "object" && value !== null && Object.keys(value).join() === "default" &&
  item((value as { default: unknown }).default);
/** Names that tables of variables and packages cannot have. */
const RESERVED = ["constructor", "prototype", "__proto__"];

/** Without control characters, line separators and changes of direction. */
export const isName = text(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]+$/u, 256);
// deno-lint-ignore no-control-regex
const argument = text(/^[^\x00]*$/);
// deno-lint-ignore no-control-regex
const absolute = text(/^\/[^\x00-\x1f\x7f]*$/);
// deno-lint-ignore no-control-regex
const homePath = text(/^~?\/[^\x00-\x1f\x7f]*$/);
// deno-lint-ignore no-control-regex
const place = text(/^(~|\{XDG_DATA_HOME\})?\/[^\x00-\x1f\x7f]*$/);
const variable = text(/^\$[A-Za-z_]\w*$/);
const requirement = either(place, variable);
// deno-lint-ignore no-control-regex
const rulePath = text(/^(\/|~\/|\*)[^\x00-\x1f\x7f]*$/);
const bytes = text(/^([\x20-\x5b\x5d-\x7e]|\\x[0-9A-Fa-f]{2}|\\\\)+$/);
const bool = oneOf(true, false);
const ids = oneOrMore(isName);
const required = listOf(either(requirement, listOf(requirement)));
const packages = tableOf(isName, oneOrMore(text(/^[A-Za-z0-9@{][A-Za-z0-9@{}+._:-]*\??$/)));

const SECTIONS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  defaults: {
    interpreter: ids,
    log_level: oneOf("trace", "debug", "info", "warn", "error", "off"),
    ask: bool,
  },
  machines: { interpreter: ids },
  interpreters: {
    name: isName,
    path: either(homePath, listOf(homePath, 1)),
    args: listOf(argument),
    env: tableOf(text(/^[A-Za-z_]\w*$/), either(argument, oneOf(false), defaultOf(argument))),
    machines: oneOrMore(isName),
    linkage: oneOf("static", "dynamic", "both"),
    sysroot: oneOrMore(either(absolute, variable)),
    required_paths: required,
    dynamic_required_paths: required,
    packages,
    hint: isName,
    use_muvm: bool,
  },
  muvm: {
    path: absolute,
    page_size: oneOf(4096, 16384, 65536),
    args: listOf(argument),
    tty_args: listOf(argument),
    forward_env: bool,
    never_forward: listOf(text(/^[A-Za-z_]\w*\*?$/)),
    linger: whole(0, 86400),
    required_paths: required,
    packages,
  },
  formats: {
    extension: text(/^[A-Za-z0-9_+-]{1,32}$/),
    magic: bytes,
    mask: bytes,
    offset: whole(0, 255),
    clr: bool,
    interpreter: ids,
  },
  binaries: { path: oneOrMore(rulePath), interpreter: ids },
};

/** May the section's key have this value? */
export function isValid(section: string, key: string, value: unknown): boolean {
  const keys = Object.hasOwn(SECTIONS, section) ? SECTIONS[section]! : {};
  return Object.hasOwn(keys, key) && keys[key]!(value);
}
