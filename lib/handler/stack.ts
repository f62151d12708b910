import type { Variable } from "../native/program.ts";
import type { Messages } from "./message.ts";
import type { State } from "./state.ts";

/** Auxiliary vector entries, from linux/auxvec.h. */
const AT_EXECFD = 2;
const AT_PAGESZ = 6;
const AT_FLAGS = 8;
const AT_UID = 11;
const AT_EUID = 12;
const AT_GID = 13;
const AT_EGID = 14;
const AT_SECURE = 23;

/**
 * AT_FLAGS: argv[0] was kept (flag P), so it follows the program's path. From linux/binfmts.h,
 * since 5.12.
 */
const AT_FLAGS_PRESERVE_ARGV0 = 1;

/** execfd where the kernel passed none. */
export const NO_DESCRIPTOR = -1;

/**
 * Reads what the kernel left on the stack: argc, argv, 0, envp, 0, auxv (fs/binfmt_elf.c,
 * create_elf_tables). With flag P argv is handler, path, argv[0], arguments; without it handler,
 * path, arguments.
 */
export function readStack(s: State, m: Messages, stack: Variable): void {
  const { code } = s;
  const argc = code.variable("argc");
  const argv = code.variable("argv");
  const auxv = code.variable("auxv");
  const flags = code.variable("at_flags");
  const seen = {
    [AT_EXECFD]: s.execfd,
    [AT_PAGESZ]: s.page_size,
    [AT_FLAGS]: flags,
    [AT_EUID]: s.euid,
    [AT_UID]: code.variable("uid"),
    [AT_GID]: code.variable("gid"),
    [AT_EGID]: code.variable("egid"),
    [AT_SECURE]: s.secure,
  };
  code.read(argc, 8, stack);
  code.do(argv, stack, "+", 8);
  code.do(s.envp, argc, "+", 1);
  code.do(s.envp, s.envp, "<<", 3);
  code.do(s.envp, s.envp, "+", argv);
  code.if(argc, "<", 2, () => {
    code.set(s.program, code.text(""));
    m.sayAll([
      "binfmt-dispatcher: This is the handler, which the kernel starts for foreign programs",
    ]);
    m.sayHint(["To start one by hand: binfmt-dispatcher run PROGRAM"]);
    code.call(m.end, 2);
  });

  const item = code.variable("auxv_item");
  code.set(auxv, s.envp);
  code.read(item, 8, auxv);
  code.while(item, "!=", 0, () => {
    code.do(auxv, auxv, "+", 8);
    code.read(item, 8, auxv);
  });
  code.do(auxv, auxv, "+", 8);
  code.set(s.execfd, NO_DESCRIPTOR);
  code.set(flags, AT_FLAGS_PRESERVE_ARGV0);
  code.read(item, 8, auxv);
  code.while(item, "!=", 0, () => {
    for (const [type, variable] of Object.entries(seen)) {
      code.if(item, "==", Number(type), () => code.read(variable, 8, auxv, 8));
    }
    code.do(auxv, auxv, "+", 16);
    code.read(item, 8, auxv);
  });

  code.if(seen[AT_UID], "!=", s.euid, () => code.set(s.secure, 1));
  code.if(seen[AT_GID], "!=", seen[AT_EGID], () => code.set(s.secure, 1));

  code.read(s.program, 8, argv, 8);
  code.set(s.argv0, s.program);
  code.do(s.arguments, argv, "+", 16);
  code.do(s.n_arguments, argc, "-", 2);
  code.do(flags, flags, "&", AT_FLAGS_PRESERVE_ARGV0);
  code.if(flags, "!=", 0, () => {
    code.if(argc, ">", 2, () => {
      code.read(s.argv0, 8, s.arguments);
      code.do(s.arguments, s.arguments, "+", 8);
      code.do(s.n_arguments, s.n_arguments, "-", 1);
    });
  });
}
