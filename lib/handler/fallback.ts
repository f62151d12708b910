import { MACHINES } from "../elf/machines.ts";
import { type Arena, ARGV } from "./arena.ts";
import type { Messages } from "./message.ts";
import { closeProgram } from "./program.ts";
import type { State } from "./state.ts";

const MFD_CLOEXEC = 1;
/** Asked for where vm.memfd_noexec is 1; kernels before 6.3 do not know it. */
const MFD_EXEC = 0x10;
const EINVAL = -22;
const EACCES = -13;
const AT_EMPTY_PATH = 0x1000;

/** Starts the interpreter that was built in, where there is one for the program; else goes on. */
export function defineFallback(s: State, m: Messages, arena: Arena) {
  const { code } = s;
  const { fallback } = s.options;
  if (fallback === undefined) return { start: () => {} };
  const fits = code.variable("fallback_fits");
  const isForUs = defineIsForUs(s, fallback.machine, fits);
  const image = code.bytes(fallback.image);
  const descriptor = code.variable("fallback_descriptor");
  const start = code.procedure("start_fallback", [], () => {
    code.call(isForUs);
    code.if(fits, "==", 0, () => code.return());
    closeProgram(s);
    const name = code.text(fallback.name);
    code.syscall(descriptor, "memfd_create", name, MFD_CLOEXEC | MFD_EXEC);
    code.if(descriptor, "==", EINVAL, () => {
      code.syscall(descriptor, "memfd_create", name, MFD_CLOEXEC);
    });
    m.ifError(descriptor, () => refuse(s, m, descriptor));
    writeAll(s, m, descriptor, image, fallback.image.length);
    // As qemu's linux-user/main.c has it: -0 for argv[0], -- before the program.
    const argv = code.variable("fallback_argv");
    arena.ready();
    arena.next(argv, ARGV);
    for (const word of [name, code.text("-0"), s.argv0, code.text("--"), s.program]) {
      arena.push(ARGV, 8, word);
    }
    arena.pushArguments(ARGV);
    arena.push(ARGV, 8, 0);
    const empty = code.text("");
    code.syscall(s.ignored, "execveat", descriptor, empty, argv, s.envp, AT_EMPTY_PATH);
    code.set(descriptor, s.ignored);
    refuse(s, m, descriptor);
  });
  return { start: () => code.call(start) };
}

export type Fallback = ReturnType<typeof defineFallback>;

function refuse(s: State, m: Messages, result: State["ignored"]): void {
  const { code } = s;
  code.if(result, "==", EACCES, () => {
    m.fail(126, ["the interpreter in the handler may not be executed from memory here"], [
      "The kernel's setting vm.memfd_noexec forbids it for this container",
    ]);
  });
  m.fail(126, ["the interpreter in the handler cannot be started: ", { error: result }]);
}

/** fits = the program's head has one of the machine's magics. */
function defineIsForUs(s: State, name: string, fits: State["row"]) {
  const { code } = s;
  const machine = MACHINES.find((machine) => machine.name === name);
  if (machine === undefined) throw new RangeError(`there is no machine “${name}”`);
  const byte = code.variable("fallback_byte");
  return code.procedure("is_for_fallback", [], () => {
    for (const { magic, mask } of machine.magics) {
      code.set(fits, s.head_length);
      code.if(fits, ">=", magic.length, () => {
        code.set(fits, 1);
        magic.forEach((expected, at) => {
          code.read(byte, 1, s.head, at);
          code.do(byte, byte, "&", mask[at]!);
          code.if(byte, "!=", expected & mask[at]!, () => code.set(fits, 0));
        });
        code.if(fits, "==", 1, () => code.return());
      });
    }
    code.set(fits, 0);
  });
}

function writeAll(
  s: State,
  m: Messages,
  descriptor: State["row"],
  image: ReturnType<State["code"]["bytes"]>,
  size: number,
): void {
  const { code } = s;
  const at = code.variable("fallback_at");
  const left = code.variable("fallback_left");
  const written = code.variable("fallback_written");
  code.set(at, image);
  code.set(left, size);
  code.while(left, "!=", 0, () => {
    code.syscall(written, "write", descriptor, at, left);
    m.ifError(written, () => refuse(s, m, written));
    code.do(at, at, "+", written);
    code.do(left, left, "-", written);
  });
}
