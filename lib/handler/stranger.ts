import { type Caches, LAST_DESCRIPTOR, NAME_SIZE } from "./caches.ts";
import { openFlags } from "./file.ts";
import type { MakeParts } from "./make_table.ts";
import type { State } from "./state.ts";
import type { UserLayer } from "./user_layer.ts";

/**
 * Tells a person that the layer there is another user's and does not count, as the resolver does of
 * one that others can write. Once: a file beside the caller's tables keeps that in mind.
 */
export function tellOfStranger(
  s: State,
  { m, text, terminals }: MakeParts,
  { path, owner, stranger }: UserLayer,
  { choose, folder, hash }: Caches,
): void {
  const { code } = s;
  const flags = openFlags(s);
  const mark = code.buffer("told_name", NAME_SIZE);
  const made = code.variable("told_descriptor");
  const how = flags.O_RDWR | flags.O_CREAT | flags.O_EXCL | flags.O_NOFOLLOW | flags.O_CLOEXEC;
  const say = () => {
    m.sayAll(["binfmt-dispatcher: Cannot use “", path, "”: “", path, "” belongs to user "]);
    code.call(text.decimal, owner);
    m.sayAll([text.digits, ", not to user "]);
    code.call(text.decimal, s.euid);
    m.sayAll([text.digits, " or root, ignoring it"]);
    code.call(m.print);
    code.syscall(s.ignored, "close", made);
  };
  code.if(stranger, "==", 1, () => {
    terminals.tell(() => {
      code.call(choose);
      code.if(folder, "<=", LAST_DESCRIPTOR, () => {
        code.call(hash.compute, path);
        text.join(mark, NAME_SIZE, ["told-", hash.digits]);
        code.syscall(made, "openat", folder, mark, how, 0o600);
        m.ifError(made, () => {}, say);
        code.syscall(s.ignored, "close", folder);
        code.set(folder, -1);
      });
    });
  });
}
