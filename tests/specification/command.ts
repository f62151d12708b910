/** The command line and the environment that an interpreter is started with. */
import { isPassable, isUtf8, place, type Tried } from "./candidates.ts";
import type { Configuration, Interpreter, Use } from "./configuration.ts";
import { fillRow, type Row } from "./kinds.ts";
import { type Command, variable, type World } from "./world.ts";

export function commandOf(config: Configuration, tried: Tried, row: Row, world: World): Command {
  const { interpreter, candidate: { muvm } } = tried;
  const fill = (text: string) => filled(text, tried, row, world);
  const path = place(tried.candidate.path, world)!;
  const args = interpreter.args.map(fill);
  const uses = interpreter.env.filter(([name, , use]) =>
    use !== "unless set" || variable(world, name) === undefined
  );
  // Those for where the caller has none stand behind all others.
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

/** What emulators obey, and where they look for more, does not pass a privileged start. */
function isObeyed(entry: string): boolean {
  return /^((QEMU|FEX|BOX64|BOX86|MUVM|XDG)_|HOME=|WINEPREFIX=)/.test(entry);
}

/** All words in braces that are known. */
function filled(
  text: string,
  { sysroot, candidate: { muvm } }: Tried,
  row: Row,
  world: World,
): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, word: string) => {
    if (word === "program") return muvm === undefined ? world.program : guestProgram(world);
    if (word === "argv0") return world.argv0;
    if (word === "sysroot") return sysroot;
    return ["machine", "gnu", "debian"].includes(word) ? fillRow(whole, row)! : whole;
  });
}

/** Absolute, and as it was given, but for a path that leads below /run without saying so. */
function guestProgram({ program, cwd, canonical }: World): string {
  const path = program.startsWith("/") ? program : `${cwd === "/" ? "" : cwd}/${program}`;
  return asGuest(isBelowRun(canonical) && !isBelowRun(path) ? canonical : path);
}

function isBelowRun(path: string): boolean {
  return path === "/run" || path.startsWith("/run/");
}

/** muvm's guest has a /run of its own. */
function asGuest(path: string): string {
  return isBelowRun(path) ? `/run/muvm-host${path}` : path;
}

/**
 * What muvm takes none of, in hexadecimal: a dash in front, the letters EOM, bytes that are no
 * UTF-8; and what says so.
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
  const handed = names.filter((name) =>
    !muvm.never_forward.some((never) =>
      never.endsWith("*") ? name.startsWith(never.slice(0, -1)) : name === never
    )
  );
  return [
    muvm.path,
    ...muvm.args,
    ...(world.terminal ? muvm.tty_args : []),
    ...(muvm.forward_env ? handed.flatMap((name) => ["-e", name]) : []),
    ...["--", asGuest(world.handler), "guest", world.umask, encoded(world.input)],
    encoded(asGuest(world.cwd)),
  ];
}
