/** The command line and the environment that an interpreter is started with. */
import { isUtf8, place, type Tried } from "./candidates.ts";
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
  const command = [path, ...[...args, ...world.args].map(guarded)];
  const gone = of("never", uses).flatMap(([name]) => ["-u", name]);
  return { argv: [...muvmStart(config, world, added, gone), ...command], env: [...callers] };
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

/** muvm takes no -h and no --help; an `=` in front is taken away in the guest. */
function guarded(arg: string): string {
  return arg === "-h" || arg === "--help" || arg.startsWith("=") ? `=${arg}` : arg;
}

/** Takes the guards away, and says death by a signal as 128+n. */
const SCRIPT = 'case " $*" in *" ="*) for BINFMT_DISPATCHER_ARG do shift; ' +
  'set -- "$@" "${BINFMT_DISPATCHER_ARG#=}"; done;; esac; "$@"; exit $?';

/** muvm's part of the command line. */
function muvmStart(
  { muvm }: Configuration,
  world: World,
  added: readonly (readonly [string, string])[],
  gone: readonly string[],
): string[] {
  const names = world.env.filter((entry) => isUtf8(entry) && /^[A-Za-z_]\w*=/.test(entry))
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
    ...added.flatMap(([name, value]) => ["-e", `${name}=${value}`]),
    ...["--", "/usr/bin/env", ...gone, "-C", asGuest(world.cwd), "/bin/sh", "-c", SCRIPT, "sh"],
  ];
}
