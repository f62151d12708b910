import type { Variable } from "../native/program.ts";
import { CANDIDATE } from "../routes/format.ts";
import { type Arena, ARGV, ENVP } from "./arena.ts";
import type { Messages } from "./message.ts";
import type { State } from "./state.ts";
import type { TableAccess } from "./table_access.ts";
import type { Templates } from "./template.ts";

/** Becomes the interpreter. */
export function startCandidate(
  s: State,
  m: Messages,
  access: TableAccess,
  arena: Arena,
  templates: Templates,
): void {
  const { code } = s;
  const argv = code.variable("new_argv");
  const envp = code.variable("new_envp");
  const template = code.variable("start_template");
  const fillArgv = templates.items(ARGV);
  const fillEnvp = templates.items(ENVP);

  code.if(s.secure, "==", 1, () => dropVariables(s, s.envp));
  arena.ready();
  arena.next(argv, ARGV);
  access.number(template, s.candidate, CANDIDATE.argv);
  code.call(fillArgv, template);
  arena.push(ARGV, 8, 0);

  arena.next(envp, ENVP);
  access.number(template, s.candidate, CANDIDATE.env);
  code.if(template, "==", 0, () => code.set(envp, s.envp), () => {
    const added = code.variable("added");
    const added_end = code.variable("added_end");
    code.set(added, envp);
    code.call(fillEnvp, template);
    arena.next(envp, ENVP);
    code.set(added_end, envp);
    code.if(added, "==", added_end, () => code.set(envp, s.envp), () => {
      mergeEnvironment(s, arena, added, added_end);
    });
  });

  const result = code.variable("start_result");
  const { path } = templates;
  // argv's first item as a path, in which only home folders stand for anything: a damaged table
  // could have any string of the caller's there, the program itself among them.
  access.number(template, s.candidate, CANDIDATE.argv);
  code.call(path.fill, template);
  code.if(path.known, "==", 0, () => code.write(1, path.buffer, 0));
  code.syscall(result, "execve", path.buffer, argv, envp);
  m.fail(126, ["its interpreter ", path.buffer, " cannot be started: ", { error: result }]);
}

/** The caller's variables but those that are set anew, then these. */
function mergeEnvironment(
  s: State,
  arena: Arena,
  added: State["row"],
  added_end: State["row"],
): void {
  const { code } = s;
  const cursor = code.variable("merge_cursor");
  const entry = code.variable("merge_entry");
  const set_anew = code.variable("merge_set_anew");
  const isSetAnew = defineIsSetAnew(s, added, added_end, entry, set_anew);
  code.set(cursor, s.envp);
  code.read(entry, 8, cursor);
  code.while(entry, "!=", 0, () => {
    code.call(isSetAnew);
    code.if(set_anew, "==", 0, () => arena.push(ENVP, 8, entry));
    code.do(cursor, cursor, "+", 8);
    code.read(entry, 8, cursor);
  });
  code.set(cursor, added);
  code.while(cursor, "<", added_end, () => {
    code.read(entry, 8, cursor);
    arena.push(ENVP, 8, entry);
    code.do(cursor, cursor, "+", 8);
  });
  arena.push(ENVP, 8, 0);
}

/** set_anew = one of the added variables has the entry's name. */
function defineIsSetAnew(
  s: State,
  added: State["row"],
  added_end: State["row"],
  entry: State["row"],
  set_anew: State["row"],
) {
  const { code } = s;
  const cursor = code.variable("anew_cursor");
  const a = code.variable("anew_a");
  const b = code.variable("anew_b");
  const left = code.variable("anew_left");
  const right = code.variable("anew_right");
  return code.procedure("is_set_anew", [], () => {
    code.set(set_anew, 0);
    code.set(cursor, added);
    code.while(cursor, "<", added_end, () => {
      code.read(a, 8, cursor);
      code.set(b, entry);
      code.loop(() => {
        code.read(left, 1, a);
        code.read(right, 1, b);
        code.if(left, "!=", right, () => code.leave());
        code.if(left, "==", 0, () => code.leave());
        code.if(left, "==", 0x3d, () => {
          code.set(set_anew, 1);
          code.return();
        });
        code.do(a, a, "+", 1);
        code.do(b, b, "+", 1);
      });
      code.do(cursor, cursor, "+", 8);
    });
  });
}

/** What emulators obey; with another user's rights it is not the caller's to say. */
const OBEYED = ["QEMU_", "FEX_", "BOX64_", "BOX86_", "MUVM_"];

/** Takes what emulators obey out of the environment, in its own place. */
function dropVariables(s: State, envp: Variable): void {
  const { code } = s;
  const from = code.variable("drop_from");
  const to = code.variable("drop_to");
  const entry = code.variable("drop_entry");
  const obeyed = code.variable("drop_obeyed");
  const byte = code.variable("drop_byte");
  code.set(from, envp);
  code.set(to, envp);
  code.loop(() => {
    code.read(entry, 8, from);
    code.set(obeyed, 0);
    code.if(entry, "!=", 0, () => {
      for (const prefix of OBEYED) {
        const matches = (at: number): void => {
          if (at === prefix.length) return code.set(obeyed, 1);
          code.read(byte, 1, entry, at);
          code.if(byte, "==", prefix.charCodeAt(at), () => matches(at + 1));
        };
        matches(0);
      }
    });
    code.if(obeyed, "==", 0, () => {
      code.write(8, to, entry);
      code.do(to, to, "+", 8);
    });
    code.if(entry, "==", 0, () => code.leave());
    code.do(from, from, "+", 8);
  });
}
