/** The command line and environment of an interpreter. */
import { isPassable, isUtf8, place, type Tried } from "./candidates.ts";
import type { Configuration, Interpreter, Use } from "./configuration.ts";
import { fillIn, type Target } from "./kinds.ts";
import { type Command, variable, type World } from "./world.ts";

export function commandOf(
  config: Configuration,
  tried: Tried,
  target: Target,
  world: World,
): Command {
  const { interpreter, candidate: { muvm } } = tried;
  const fill = (text: string) => filled(text, tried, target, world);
  const path = place(tried.candidate.path, world)!;
  const args = interpreter.args.map(fill);
  const uses = interpreter.env.filter(([name, , use]) =>
    use !== "unless set" || variable(world, name) === undefined
  );
  // Variables that are set only if unset come last.
  const ordered = [...of("always", uses), ...of("unless set", uses)];
  const added = ordered.map(([name, value]) => [name, fill(value)] as const);
  const callers = world.secure ? world.env.filter((entry) => !isObeyed(entry)) : world.env;
  if (muvm === undefined) {
    const kept = callers.filter((entry) => !uses.some(([name]) => entry.startsWith(`${name}=`)));
    const env = [...kept, ...added.map(([name, value]) => `${name}=${value}`)];
    return { argv: [path, ...args, ...world.args], env };
  }
  const variables = [
    ...added.map(([name, value]) => `${name}=${value}`),
    ...of("never", uses).map(([name]) => name),
  ];
  const command = [...variables, path, ...args, ...world.args].map(encoded);
  return { argv: [...muvmStart(config, world), ...command], env: [...callers] };
}

function of(wanted: Use, env: Interpreter["env"]): Interpreter["env"] {
  return env.filter(([, , use]) => use === wanted);
}

/** Variables that emulators obey, or that name their directories, are removed if secure. */
function isObeyed(entry: string): boolean {
  return /^((QEMU|FEX|BOX64|BOX86|MUVM|XDG)_|HOME=|WINEPREFIX=)/.test(entry);
}

/** Fills in all known placeholders. */
function filled(
  text: string,
  { sysroot, candidate: { muvm } }: Tried,
  target: Target,
  world: World,
): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, word: string) => {
    if (word === "program") return muvm === undefined ? world.program : guestProgram(world);
    if (word === "argv0") return world.argv0;
    if (word === "sysroot") return sysroot;
    return ["machine", "gnu", "debian"].includes(word) ? fillIn(whole, target)! : whole;
  });
}

/** The given path, made absolute; the canonical one if only that is below /run. */
function guestProgram({ program, cwd, canonical }: World): string {
  const path = program.startsWith("/") ? program : `${cwd === "/" ? "" : cwd}/${program}`;
  return asGuest(isBelowRun(canonical) && !isBelowRun(path) ? canonical : path);
}

function isBelowRun(path: string): boolean {
  return path === "/run" || path.startsWith("/run/");
}

/** The path in muvm's guest, which has its own /run. */
function asGuest(path: string): string {
  return isBelowRun(path) ? `/run/muvm-host${path}` : path;
}

/**
 * Encodes in hexadecimal what muvm cannot take: a leading dash, the letters EOM, bytes that are not
 * UTF-8; and the percent sign.
 */
function encoded(word: string): string {
  const pattern = isUtf8(word) ? /^-|%|(?<=EO)M/g : /^-|%|(?<=EO)M|[\x80-\xff]/g;
  return word.replaceAll(pattern, (letter) => {
    const digits = letter.charCodeAt(0).toString(16).toUpperCase();
    return `%${digits.padStart(2, "0")}`;
  });
}

/** muvm's part of the command line. */
function muvmStart(
  { muvm }: Configuration,
  world: World,
): string[] {
  const names = world.env.filter((entry) => isPassable(entry) && /^[A-Za-z_]\w*=/.test(entry))
    .map((entry) => entry.slice(0, entry.indexOf("=")));
  const forwarded = names.filter((name) =>
    !muvm.never_forward.some((never) =>
      never.endsWith("*") ? name.startsWith(never.slice(0, -1)) : name === never
    )
  );
  return [
    muvm.path,
    ...muvm.args,
    ...(world.terminal ? muvm.tty_args : []),
    ...(muvm.forward_env ? forwarded.flatMap((name) => ["-e", name]) : []),
    ...["--", asGuest(world.handler), "guest", world.umask, encoded(world.input)],
    encoded(asGuest(world.cwd)),
  ];
}
