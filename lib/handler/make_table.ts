import type { Operand, Procedure, Variable } from "../native/program.ts";
import { HEADER } from "../routes/format.ts";
import { type Caches, LAST_DESCRIPTOR, NAME_SIZE } from "./caches.ts";
import { type File, openFlags } from "./file.ts";
import type { Messages } from "./message.ts";
import type { Resolver } from "./resolver.ts";
import type { Now } from "./now.ts";
import type { Seen } from "./seen.ts";
import type { State } from "./state.ts";
import type { Table } from "./table.ts";
import type { TableAccess } from "./table_access.ts";
import type { Terminals } from "./terminals.ts";
import type { Text } from "./text.ts";
import type { UserLayer } from "./user_layer.ts";

/** Going on without the lock costs time only. */
const LOCK_PATIENCE_MS = 5_000;
const MFD_CLOEXEC = 1;

export interface MakeParts {
  readonly m: Messages;
  readonly file: File;
  readonly seen: Seen;
  readonly text: Text;
  readonly access: TableAccess;
  readonly table: Table;
  readonly lock: Procedure;
  readonly now: Now;
  readonly resolver: Resolver;
  readonly terminals: Terminals;
}

/** Has the table made by the resolver, one caller at a time, and keeps it if it may be kept. */
export function makeTable(s: State, parts: MakeParts, user: UserLayer, caches: Caches): void {
  const { code } = s;
  const { table } = parts;
  parts.seen.forget();
  code.call(caches.choose);
  code.if(caches.folder, "<=", LAST_DESCRIPTOR, () => {
    code.call(parts.lock, caches.folder, LOCK_PATIENCE_MS);
    code.call(caches.lookUp);
  });
  code.if(table.valid, "==", 0, () => resolve(s, parts, user, caches));
}

/** valid = the resolver gave a table. */
function resolve(s: State, parts: MakeParts, user: UserLayer, caches: Caches): void {
  const { code } = s;
  const { file, table, resolver } = parts;
  const start = code.variable("make_start");
  code.call(parts.now.take);
  code.set(start, parts.now.now);

  const { out, in_folder, temporary } = openOutput(s, parts, caches);
  code.if(user.own, "==", 1, () => code.call(resolver.userTable, out), () => {
    code.call(resolver.systemTable, out);
  });
  file.lookAtDescriptor(out);
  table.mapFresh(out, file.size);
  code.if(table.valid, "==", 1, () => {
    code.call(table.fillIn, start);
    sayNotice(s, parts);
  });
  code.if(in_folder, "==", 1, () => {
    code.do(table.keep, table.keep, "&", table.valid);
    code.if(table.keep, "==", 1, () => keepTable(s, caches, out, temporary), () => {
      code.syscall(s.ignored, "unlinkat", caches.folder, temporary, 0);
    });
  });
}

/** A new file in the folder for tables, or memory where there is no such folder. */
function openOutput(s: State, { m, text }: MakeParts, caches: Caches) {
  const { code } = s;
  const flags = openFlags(s);
  const out = code.variable("make_out");
  const in_folder = code.variable("make_in_folder");
  const temporary = code.buffer("temporary_name", NAME_SIZE);
  const pid = code.variable("make_pid");
  code.set(out, -1);
  code.if(caches.folder, "<=", LAST_DESCRIPTOR, () => {
    const how = flags.O_RDWR | flags.O_CREAT | flags.O_EXCL | flags.O_NOFOLLOW | flags.O_CLOEXEC;
    code.syscall(pid, "getpid");
    code.call(text.decimal, pid);
    text.join(temporary, NAME_SIZE, ["new-", text.digits]);
    code.syscall(s.ignored, "unlinkat", caches.folder, temporary, 0);
    code.syscall(out, "openat", caches.folder, temporary, how, 0o600);
  });
  code.set(in_folder, 1);
  m.ifError(out, () => {
    code.set(in_folder, 0);
    code.syscall(out, "memfd_create", code.text("routes"), MFD_CLOEXEC);
  });
  return { out, in_folder, temporary };
}

/** What the resolver has to tell a person, if there is one. */
function sayNotice(s: State, { m, access, terminals }: MakeParts): void {
  const { code } = s;
  const notice = code.variable("notice");
  access.number(notice, 0, HEADER.notice);
  code.if(notice, "!=", 0, () => {
    terminals.tell(() => {
      code.call(access.findString, notice);
      m.sayAll([access.string]);
      code.call(m.print);
    });
  });
}

/** The table takes its name only when it is whole. The system's is for everybody to read. */
function keepTable(s: State, caches: Caches, out: Variable, temporary: Operand): void {
  const { code } = s;
  const mode = code.variable("keep_mode");
  code.set(mode, 0o600);
  code.if(s.euid, "==", 0, () => code.set(mode, 0o644));
  code.syscall(s.ignored, "fchmod", out, mode);
  code.syscall(s.ignored, "fsync", out);
  code.syscall(s.ignored, "renameat2", caches.folder, temporary, caches.folder, caches.name, 0);
}
