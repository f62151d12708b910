/** A program that starts another one in ways that no shell can. */
import { imageOf } from "../../lib/native/elf_image.ts";
import type { Host, Operand, Variable } from "../../lib/native/program.ts";
import { StructuredProgram } from "../native/structured_program.ts";

const AT_FDCWD = -100;
const AT_EMPTY_PATH = 0x1000;
const SIG_BLOCK = 0;
const SIG_IGN = 1;
const SIGUSR1 = 10;
const SIGCHLD = 17;

/**
 * `launcher LETTERS PROGRAM ARGV0 ARGUMENTS… [--env VARIABLES…]` obeys the letters in their order
 * and starts the program:
 *
 * b  blocks all signals
 * i  ignores SIGCHLD
 * s  sends itself SIGUSR1
 * c  has a child that ends at once with status 7
 * l  has a child that ends after a fifth of a second with status 9
 * n  gives NULL for argv
 * z  gives an empty argv
 * d  starts it by a descriptor, with execveat()
 * m  starts a copy of it in a memfd
 * x  removes its file and starts it by a descriptor
 *
 * The exit status is 99 if it cannot be started.
 */
export function launcher(host: Host): Uint8Array<ArrayBuffer> {
  const p = new StructuredProgram(host);
  const stack = p.variable("stack");
  const letters = p.variable("letters");
  const letter = p.variable("letter");
  const program = p.variable("program");
  const argv = p.variable("argv");
  const envp = p.variable("envp");
  const descriptor = p.variable("descriptor");
  const result = p.variable("result");
  p.entry(stack, () => {
    p.do(argv, stack, "+", 8 + 3 * 8);
    p.read(letters, 8, stack, 16);
    p.read(program, 8, stack, 24);
    findEnvironment(p, stack, argv, envp);
    p.set(descriptor, -1);
    const when = (name: string, then: () => void) => p.if(letter, "==", name.charCodeAt(0), then);
    p.loop(() => {
      p.read(letter, 1, letters);
      p.if(letter, "==", 0, () => p.leave());
      p.do(letters, letters, "+", 1);
      setSignals(p, when);
      when("c", () => haveChild(p, 7, 0));
      when("l", () => haveChild(p, 9, 200_000_000));
      when("n", () => p.set(argv, 0));
      when("z", () => p.set(argv, p.buffer("no_strings", 8)));
      const open = () => p.syscall(descriptor, "openat", AT_FDCWD, program, 0, 0);
      when("d", open);
      when("x", () => {
        open();
        p.syscall(result, "unlinkat", AT_FDCWD, program, 0);
      });
      when("m", () => openCopy(p, program, descriptor));
    });
    p.if(descriptor, "==", -1, () => p.syscall(result, "execve", program, argv, envp), () => {
      p.syscall(result, "execveat", descriptor, p.text(""), argv, envp, AT_EMPTY_PATH);
    });
    p.syscall(result, "exit_group", 99);
  });
  return imageOf(p.code());
}

/** envp = the words after “--env”, which ends argv; without it, the launcher's environment */
function findEnvironment(
  p: StructuredProgram,
  stack: Operand,
  argv: Variable,
  envp: Variable,
): void {
  const cursor = p.variable("cursor");
  const string = p.variable("string");
  const head = p.variable("head");
  const [mark] = new BigUint64Array(new TextEncoder().encode("--env\0\0\0").buffer);
  p.read(envp, 8, stack);
  p.do(envp, envp, "*", 8);
  p.do(envp, envp, "+", 16);
  p.do(envp, envp, "+", stack);
  p.set(cursor, argv);
  p.loop(() => {
    p.read(string, 8, cursor);
    p.if(string, "==", 0, () => p.leave());
    p.read(head, 8, string);
    p.do(head, head, "&", 0xffffffffffffn);
    p.if(head, "==", mark!, () => {
      p.write(8, cursor, 0);
      p.do(envp, cursor, "+", 8);
      p.leave();
    });
    p.do(cursor, cursor, "+", 8);
  });
}

/** descriptor = a memfd with the program's content */
function openCopy(p: StructuredProgram, program: Variable, descriptor: Variable): void {
  const file = p.variable("file");
  const size = p.variable("size");
  const chunk = p.buffer("chunk", 4096);
  p.syscall(file, "openat", AT_FDCWD, program, 0, 0);
  p.syscall(descriptor, "memfd_create", p.text("copy"), 0);
  p.loop(() => {
    p.syscall(size, "read", file, chunk, 4096);
    p.if(size, "s<=", 0, () => p.leave());
    p.syscall(size, "write", descriptor, chunk, size);
  });
  p.syscall(size, "close", file);
}

function setSignals(p: StructuredProgram, when: (name: string, then: () => void) => void): void {
  const ignored = p.variable("signal_result");
  when("b", () => {
    const all = p.buffer("all_signals", 8);
    p.write(8, all, -1);
    p.syscall(ignored, "rt_sigprocmask", SIG_BLOCK, all, 0, 8);
  });
  when("i", () => {
    const action = p.buffer("sigaction", 32);
    p.write(8, action, SIG_IGN);
    p.syscall(ignored, "rt_sigaction", SIGCHLD, action, 0, 8);
  });
  when("s", () => {
    p.syscall(ignored, "getpid");
    p.syscall(ignored, "kill", ignored, SIGUSR1);
  });
}

function haveChild(p: StructuredProgram, status: number, nanoseconds: number): void {
  const child = p.variable(`child_${status}`);
  p.syscall(child, "clone", SIGCHLD, 0, 0, 0, 0);
  p.if(child, "==", 0, () => {
    const pause = p.buffer(`pause_${status}`, 16);
    p.write(8, pause, nanoseconds, 8);
    p.syscall(child, "nanosleep", pause, 0);
    p.syscall(child, "exit_group", status);
  });
}
