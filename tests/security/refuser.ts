/** A program that starts another one and has the kernel refuse it some system calls. */
import { imageOf } from "../../lib/native/elf_image.ts";
import type { Host } from "../../lib/native/program.ts";
import { StructuredProgram } from "../native/structured_program.ts";

const PR_SET_SECCOMP = 22;
const SECCOMP_MODE_FILTER = 2;
const PR_SET_NO_NEW_PRIVS = 38;

/** linux/bpf_common.h: load a word; jump if equal; return. */
const BPF_LD_W_ABS = 0x20;
const BPF_JEQ = 0x15;
const BPF_RET = 0x06;
/** linux/seccomp.h */
const SECCOMP_RET_ERRNO = 0x0005_0000;
const SECCOMP_RET_ALLOW = 0x7fff_0000;

/** By number, since the handler does not know some of them. The resolver needs epoll. */
export const NUMBERS: Readonly<Record<Host, Readonly<Record<string, readonly number[]>>>> = {
  x86_64: {
    clone3: [435],
    fork: [56, 57, 58, 435],
    statx: [332],
    mmap: [9],
    epoll: [213, 291],
    faccessat2: [439],
  },
  aarch64: {
    clone3: [435],
    fork: [220, 435],
    statx: [291],
    mmap: [222],
    epoll: [20],
    faccessat2: [439],
  },
};

/** `refuser PROGRAM ARGUMENTS…`; status 99 if it cannot be started. */
export function refuser(
  host: Host,
  numbers: readonly number[],
  errno: number,
): Uint8Array<ArrayBuffer> {
  const p = new StructuredProgram(host);
  const stack = p.variable("stack");
  const argv = p.variable("argv");
  const envp = p.variable("envp");
  const result = p.variable("result");
  const lines = program(numbers, errno);
  const filter = p.buffer("filter", 8 * lines.length);
  const sock_fprog = p.buffer("sock_fprog", 16);
  p.entry(stack, () => {
    lines.forEach((line, i) => p.write(8, filter, line, 8 * i));
    p.write(2, sock_fprog, lines.length);
    p.write(8, sock_fprog, filter, 8);
    p.syscall(result, "prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    p.syscall(result, "prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, sock_fprog, 0, 0);
    p.if(result, "!=", 0, () => p.syscall(result, "exit_group", 98));
    p.do(argv, stack, "+", 16);
    p.read(envp, 8, stack);
    p.do(envp, envp, "*", 8);
    p.do(envp, envp, "+", 16);
    p.do(envp, envp, "+", stack);
    p.read(result, 8, argv);
    p.syscall(result, "execve", result, argv, envp);
    p.syscall(result, "exit_group", 99);
  });
  return imageOf(p.code());
}

function program(numbers: readonly number[], errno: number): bigint[] {
  return [
    sock_filter(BPF_LD_W_ABS, 0, 0),
    ...numbers.map((number, i) => sock_filter(BPF_JEQ, numbers.length - i, number)),
    sock_filter(BPF_RET, 0, SECCOMP_RET_ALLOW),
    sock_filter(BPF_RET, 0, SECCOMP_RET_ERRNO | errno),
  ];
}

/** struct sock_filter: 16 bits of code, 8 each of jump if true and if false, 32 of k. */
function sock_filter(code: number, jumpIfTrue: number, k: number): bigint {
  return BigInt(code) | BigInt(jumpIfTrue) << 16n | BigInt(k) << 32n;
}
