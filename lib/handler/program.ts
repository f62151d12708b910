import { AT_FDCWD, type File, openFlags, UNKNOWN_CALL } from "./file.ts";
import type { Messages } from "./message.ts";
import { NO_DESCRIPTOR } from "./stack.ts";
import { PATH_SIZE, type State } from "./state.ts";
import type { Text } from "./text.ts";
import { HEAD_SIZE } from "../routes/format.ts";

const EACCES = -13;
const R_OK = 4;
/** Asks for the effective user, as open does. */
const AT_EACCESS = 0x200;

/** Gets hold of the program: its descriptor, first bytes and canonical path. */
export function openProgram(s: State, m: Messages, file: File, text: Text): void {
  const { code } = s;
  const flags = openFlags(s);
  const refuse = () =>
    m.fail(126, ["it may be executed but not read, and its interpreter has to read it"]);
  code.set(s.descriptor, s.execfd);
  code.if(s.descriptor, "==", NO_DESCRIPTOR, () => {
    const mode = flags.O_RDONLY | flags.O_NONBLOCK | flags.O_CLOEXEC;
    code.syscall(s.descriptor, "openat", AT_FDCWD, s.program, mode, 0);
    code.if(s.descriptor, "==", EACCES, refuse);
    m.ifError(s.descriptor, () => m.fail(126, [{ error: s.descriptor }]));
  }, () => {
    // The kernel could open it for us; the interpreter will have nothing but the path.
    const readable = code.variable("program_readable");
    code.syscall(readable, "faccessat2", AT_FDCWD, s.program, R_OK, AT_EACCESS);
    // Kernels before 5.8, and filters that know no newer one. This asks for the real user, who is
    // another one in privileged starts alone.
    for (const error of UNKNOWN_CALL) {
      code.if(readable, "==", error, () => {
        code.syscall(readable, "faccessat", AT_FDCWD, s.program, R_OK);
      });
    }
    code.if(readable, "==", EACCES, refuse);
  });

  code.if(s.secure, "==", 1, () => refusePrivileged(s, m, file));

  code.syscall(s.head_length, "pread64", s.descriptor, s.head, HEAD_SIZE, 0);
  m.ifError(s.head_length, () => m.fail(126, [{ error: s.head_length }]));

  const link = code.buffer("descriptor_link", 64);
  code.call(text.decimal, s.descriptor);
  text.join(link, 64, ["/proc/self/fd/", text.digits]);
  code.syscall(s.path_length, "readlinkat", AT_FDCWD, link, s.path, PATH_SIZE);
  // Without /proc, or for a path too long to be told, the path that the caller gave has to serve.
  m.ifError(s.path_length, () => {
    const at = code.variable("program_at");
    const byte = code.variable("program_byte");
    text.join(s.path, PATH_SIZE, [s.program]);
    code.set(at, s.path);
    code.read(byte, 1, at);
    code.while(byte, "!=", 0, () => {
      code.do(at, at, "+", 1);
      code.read(byte, 1, at);
    });
    code.do(s.path_length, at, "-", s.path);
  });
}

const S_ISUID = 0o4000;
const S_ISGID = 0o2000;

/**
 * A program that gives its own rights to whoever starts it, started with them (flag C): the
 * interpreter would open it by its path, which its caller can change meanwhile, and obey its
 * caller's variables. https://docs.kernel.org/admin-guide/binfmt-misc.html
 */
function refusePrivileged(s: State, m: Messages, file: File): void {
  const { code } = s;
  const gives = code.variable("program_gives");
  file.lookAtDescriptor(s.descriptor);
  m.ifError(file.error, () => m.fail(126, [{ error: file.error }]));
  code.do(gives, file.mode, "&", S_ISUID | S_ISGID);
  code.if(gives, "==", 0, () => {
    const capability = code.text("security.capability");
    code.syscall(gives, "fgetxattr", s.descriptor, capability, 0, 0);
    m.ifError(gives, () => code.set(gives, 0));
  });
  code.if(gives, "!=", 0, () => {
    m.fail(126, ["it has rights of its own (setuid, setgid or capabilities)"], [
      "No interpreter can have them safely; registered without flag C it starts without them",
    ]);
  });
}

/**
 * Closes the program's descriptor, which the kernel does not mark close-on-exec (fs/exec.c,
 * begin_new_exec). Where it stands in for standard input, output or error, /dev/null takes its
 * place, so that no file is opened there by accident.
 */
export function closeProgram(s: State): void {
  const { code } = s;
  code.syscall(s.ignored, "close", s.descriptor);
  code.if(s.descriptor, "<=", 2, () => {
    const mode = openFlags(s).O_RDWR;
    code.syscall(s.ignored, "openat", AT_FDCWD, code.text("/dev/null"), mode, 0);
  });
}
