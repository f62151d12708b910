/** A program, and an interpreter, that reports everything that it was started with. */
import { imageOf } from "../../lib/native/elf_image.ts";
import type { Address, Host, Procedure, Variable } from "../../lib/native/program.ts";
import { StructuredProgram } from "../native/structured_program.ts";

/** The file of its report: its standard output may be closed. */
export const REPORT = "/run/report";

/** The number of descriptors that it examines. */
const DESCRIPTORS = 24;
const LINK_SIZE = 256;
const F_GETFD = 1;
const SIG_SETMASK = 2;
/** Children of every kind. */
const WALL = 0x40000000;
const AT_FDCWD = -100;
/** The same on x86_64 and aarch64. */
const O_WRONLY_CREAT_TRUNC = 0o1 | 0o100 | 0o1000;

const FILES = ["status", "stat", "limits", "auxv"] as const;
/** Ends a section; each string in one ends with a zero byte. */
const SEPARATOR = "\x1e";

export interface Testimony {
  readonly argv: readonly string[];
  readonly env: readonly string[];
  /** Empty if it was removed. */
  readonly cwd: string;
  /** Open descriptors by number: their file, with “close-on-exec” if it is set. */
  readonly descriptors: Readonly<Record<number, string>>;
  /** Exit states, as wait4() reports them, of children that it did not start itself. */
  readonly children: readonly number[];
  /** Files of /proc/self. */
  readonly status: string;
  readonly stat: string;
  readonly limits: string;
  /** Auxiliary vector. */
  readonly auxv: ReadonlyMap<number, bigint>;
}

/**
 * The program. At its end it unblocks all signals, so that a pending one kills it; otherwise its
 * exit status is its number of arguments.
 */
export function witness(host: Host): Uint8Array<ArrayBuffer> {
  const p = new StructuredProgram(host);
  const stack = p.variable("stack");
  const result = p.variable("result");
  const out = p.variable("out");
  const links = p.buffer("links", DESCRIPTORS * LINK_SIZE);
  const directory = p.buffer("directory", 4096);
  const chunk = p.buffer("chunk", 4096);
  const zeros = p.buffer("zeros", 8);

  const print = definePrint(p, out);
  const end = () => p.call(print, p.text(SEPARATOR));
  p.entry(stack, () => {
    recordDescriptors(p, links);
    p.syscall(out, "openat", AT_FDCWD, p.text(REPORT), O_WRONLY_CREAT_TRUNC, 0o666);
    printStrings(p, stack, print, end);
    p.syscall(result, "getcwd", directory, 4096);
    p.call(print, directory);
    end();
    p.syscall(result, "write", out, links, DESCRIPTORS * LINK_SIZE);
    end();
    reportChildren(p, out);
    end();
    const file = p.variable("file");
    for (const name of FILES) {
      p.syscall(file, "openat", AT_FDCWD, p.text(`/proc/self/${name}`), 0, 0);
      p.loop(() => {
        p.syscall(result, "read", file, chunk, 4096);
        p.if(result, "==", 0, () => p.leave());
        p.if(result, ">", 4096, () => p.leave());
        p.syscall(result, "write", out, chunk, result);
      });
      if (name !== FILES.at(-1)) end();
    }
    p.syscall(result, "rt_sigprocmask", SIG_SETMASK, zeros, 0, 8);
    const argc = p.variable("argc");
    p.read(argc, 8, stack);
    p.syscall(result, "exit_group", argc);
  });
  return imageOf(p.code());
}

function definePrint(p: StructuredProgram, out: Variable) {
  const text = p.variable("text");
  const behind = p.variable("behind");
  const byte = p.variable("byte");
  return p.procedure("print", [text], () => {
    p.set(behind, text);
    p.loop(() => {
      p.read(byte, 1, behind);
      p.do(behind, behind, "+", 1);
      p.if(byte, "==", 0, () => p.leave());
    });
    p.do(behind, behind, "-", text);
    p.syscall(behind, "write", out, text, behind);
  });
}

/** Records each descriptor's flags + 1 and its link, before anything is opened. */
function recordDescriptors(p: StructuredProgram, links: Address): void {
  const at = p.variable("link");
  const flags = p.variable("flags");
  const ignored = p.variable("ignored");
  p.set(at, links);
  for (let n = 0; n < DESCRIPTORS; n++) {
    p.syscall(flags, "fcntl", n, F_GETFD, 0);
    p.if(flags, "<=", 1, () => {
      p.do(flags, flags, "+", 1);
      p.write(1, at, flags);
      const link = p.text(`/proc/self/fd/${n}`);
      p.do(flags, at, "+", 1);
      p.syscall(ignored, "readlinkat", AT_FDCWD, link, flags, LINK_SIZE - 2);
    });
    p.do(at, at, "+", LINK_SIZE);
  }
}

function printStrings(
  p: StructuredProgram,
  stack: Variable,
  print: Procedure,
  end: () => void,
): void {
  const cursor = p.variable("cursor");
  const string = p.variable("string");
  p.do(cursor, stack, "+", 8);
  for (const _ of ["argv", "envp"]) {
    p.read(string, 8, cursor);
    p.while(string, "!=", 0, () => {
      p.call(print, string);
      p.do(cursor, cursor, "+", 8);
      p.read(string, 8, cursor);
    });
    p.do(cursor, cursor, "+", 8);
    end();
  }
}

/** Waits for all children and writes four bytes for each. */
function reportChildren(p: StructuredProgram, out: Variable): void {
  const child = p.variable("child");
  const ended = p.buffer("ended", 8);
  p.loop(() => {
    p.syscall(child, "wait4", -1, ended, WALL, 0);
    p.if(child, ">", 0x7fffffff, () => p.leave());
    p.syscall(child, "write", out, ended, 4);
  });
}

/** Reads what the witness wrote; each byte is one character. */
export function parseTestimony(bytes: Uint8Array): Testimony {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  const parts = text.split(`${SEPARATOR}\0`);
  const [argv, env, cwd, links, children, status, stat, limits, ...rest] = parts;
  if (limits === undefined) throw new Error(`The report is cut off: ${parts.length} sections`);
  const strings = (text: string) => text.split("\0").slice(0, -1);
  const end = bytes.slice(bytes.length - rest.join(`${SEPARATOR}\0`).length);
  return {
    argv: strings(argv!),
    env: strings(env!),
    cwd: cwd!.replace(/\0$/, ""),
    descriptors: parseLinks(links!),
    children: [...children!].filter((_, i) => i % 4 === 1).map((byte) => byte.charCodeAt(0)),
    status: status!,
    stat: stat!,
    limits,
    auxv: parseAuxv(end),
  };
}

function parseLinks(links: string): Record<number, string> {
  const found: Record<number, string> = {};
  for (let n = 0; n < DESCRIPTORS; n++) {
    const link = links.slice(n * LINK_SIZE, (n + 1) * LINK_SIZE).replace(/\0+$/, "");
    if (link === "") continue;
    found[n] = link.slice(1) + (link.charCodeAt(0) === 2 ? ", close-on-exec" : "");
  }
  return found;
}

function parseAuxv(bytes: Uint8Array): Map<number, bigint> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = new Map<number, bigint>();
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    found.set(Number(view.getBigUint64(at, true)), view.getBigUint64(at + 8, true));
  }
  return found;
}
