/** A program that starts another one to which the kernel refuses some system calls. */
import { Program, type Target } from "../../lib/native/program.ts";

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

/** By number: also those that the handler does not know. The resolver cannot do without epoll. */
export const NUMBERS: Readonly<Record<Target, Readonly<Record<string, readonly number[]>>>> = {
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

/** `refuser PROGRAM ARGUMENTS…`; 99 where it cannot be started. */
export function refuser(
  target: Target,
  numbers: readonly number[],
  errno: number,
): Uint8Array<ArrayBuffer> {
  const p = new Program(target);
  const stack = p.variable("stack");
  const argv = p.variable("argv");
  const envp = p.variable("envp");
  const result = p.variable("result");
  const filter = p.bytes(program(numbers, errno));
  const sock_fprog = p.buffer("sock_fprog", 16);
  p.entry(stack, () => {
    p.write(2, sock_fprog, numbers.length + 3);
    p.write(8, sock_fprog, filter, 8);
    p.syscall(result, "prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    p.syscall(result, "prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, sock_fprog);
    p.if(result, "!=", 0, () => p.syscall(result, "exit_group", 98));
    p.do(argv, stack, "+", 16);
    p.read(envp, 8, stack);
    p.do(envp, envp, "<<", 3);
    p.do(envp, envp, "+", 16);
    p.do(envp, envp, "+", stack);
    p.read(result, 8, argv);
    p.syscall(result, "execve", result, argv, envp);
    p.syscall(result, "exit_group", 99);
  });
  return p.image();
}

/** struct sock_filter[]: code, jump if true, jump if false, k. */
function program(numbers: readonly number[], errno: number): Uint8Array {
  const n = numbers.length;
  const lines = [
    [BPF_LD_W_ABS, 0, 0, 0],
    ...numbers.map((number, i) => [BPF_JEQ, n - i, 0, number]),
    [BPF_RET, 0, 0, SECCOMP_RET_ALLOW],
    [BPF_RET, 0, 0, SECCOMP_RET_ERRNO | errno],
  ];
  const bytes = new Uint8Array(8 * lines.length);
  const view = new DataView(bytes.buffer);
  lines.forEach(([code, yes, no, k], i) => {
    view.setUint16(8 * i, code!, true);
    view.setUint8(8 * i + 2, yes!);
    view.setUint8(8 * i + 3, no!);
    view.setUint32(8 * i + 4, k!, true);
  });
  return bytes;
}
