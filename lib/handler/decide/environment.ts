/** The caller's environment with some variables added, replaced or removed. */
import { EQUALS } from "../bytes.ts";
import * as caller from "../caller.ts";
import { at, copy, part, utf8 } from "../outside.ts";
import { pushWord, tooLong } from "../pointers.ts";
import { endOfStrings, envp, strings } from "./arena.ts";

/**
 * The caller's variables, except those that the strings from `start` on name, then the addresses in
 * the first `added` bytes of envp; undefined if nothing changes.
 */
export function withAdded(start: number, added: number): Uint8Array | undefined {
  const names = part(strings, start, endOfStrings);
  if (names.length === 0 && !caller.isSecure) return undefined;
  let end = added;
  for (let word = caller.firstVariable; caller.wordAt(word) !== 0; word++) {
    if (!isSetAnew(word, names) && !isDropped(word)) {
      end = pushWord(envp, end, caller.wordAt(word));
    }
  }
  if (end + added > envp.length) tooLong();
  copy(envp, end, part(envp, 0, added));
  return part(envp, added, pushWord(envp, end + added, 0));
}

/** Does one of these strings, each with a zero byte at its end, name the variable? */
function isSetAnew(word: number, items: Uint8Array): boolean {
  let start = 0;
  let isName = true;
  for (let i = 0; i < items.length; i++) {
    const letter = at(items, i);
    if (letter === 0) {
      start = i + 1;
      isName = true;
    }
    if (letter === EQUALS && isName) {
      isName = false;
      if (caller.startsWith(word, part(items, start, i + 1))) return true;
    }
  }
  return false;
}

/** Would the variable let the caller control an emulator that runs with other privileges? */
function isDropped(word: number): boolean {
  if (!caller.isSecure) return false;
  return caller.startsWith(word, utf8("QEMU_")) || caller.startsWith(word, utf8("FEX_")) ||
    caller.startsWith(word, utf8("BOX64_")) || caller.startsWith(word, utf8("BOX86_")) ||
    caller.startsWith(word, utf8("MUVM_")) || caller.startsWith(word, utf8("HOME=")) ||
    caller.startsWith(word, utf8("XDG_")) || caller.startsWith(word, utf8("WINEPREFIX="));
}
