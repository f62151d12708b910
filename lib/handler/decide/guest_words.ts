/**
 * The arguments of the handler in muvm's guest, which system/guest.ts reads. muvm accepts only
 * UTF-8, obeys -h and --help anywhere (cli_options.rs, bpaf 0.9), and ends its message at the
 * letters EOM (read_request() in guest/server_worker.rs). So such bytes are encoded as %XX.
 */
import { append } from "../bytes.ts";
import * as caller from "../caller.ts";
import { isUtf8 } from "../is_utf8.ts";
import { wordsOf } from "../error_words.ts";
import * as linux from "../linux.ts";
import { fail } from "../message.ts";
import { at, put, utf8 } from "../outside.ts";
import { pushWord, tooLong } from "../pointers.ts";
import { percentByte } from "../system/percent.ts";
import { endOfStrings, finishString, pushString, strings } from "./arena.ts";
import * as muvm from "./muvm.ts";
import * as standardInput from "./standard_input.ts";

const PERCENT = 0x25;
const DASH = 0x2d;

/** The first words by index. After them: variables, the interpreter, its arguments. */
export const WORD = { UMASK: 0, INPUT: 1, DIRECTORY: 2, REST: 3 } as const;

/** `HANDLER guest UMASK INPUT DIRECTORY` */
export function pushStart(into: Uint8Array, index: number): number {
  let end = pushString(into, index, append(strings, endOfStrings, muvm.guestHandler()));
  end = pushString(into, end, append(strings, endOfStrings, utf8("guest")));
  end = pushString(into, end, append(strings, endOfStrings, umask()));
  end = pushEncoded(into, end, standardInput.word());
  return pushEncoded(into, end, muvm.guestDirectory());
}

const digits = new Uint8Array(3);

/** Three octal digits. */
function umask(): Uint8Array {
  const mask = linux.umask(0);
  if (mask < 0) fail(126, "its umask cannot be found: ", wordsOf(mask));
  linux.umask(mask);
  for (let i = 0; i < digits.length; i++) put(digits, i, 0x30 + (mask >>> 6 - 3 * i & 7));
  return digits;
}

/** Stores the address of an encoded word. */
export function pushEncoded(into: Uint8Array, index: number, word: Uint8Array): number {
  const isText = isUtf8(word);
  let end = endOfStrings;
  for (let i = 0; i < word.length; i++) {
    if (end + 3 >= strings.length) tooLong();
    if (isPlain(word, i, isText)) {
      put(strings, end, at(word, i));
      end++;
    } else {
      end = percentByte(strings, end, at(word, i));
    }
  }
  return pushString(into, index, end);
}

/** The same for an argument of the caller, which is copied only if the encoding changes it. */
export function pushArgument(into: Uint8Array, index: number, n: number): number {
  const word = caller.argument(n);
  const isText = isUtf8(word);
  for (let i = 0; i < word.length; i++) {
    if (!isPlain(word, i, isText)) return pushEncoded(into, index, word);
  }
  return pushWord(into, index, caller.wordAt(caller.firstArgument + n));
}

function isPlain(word: Uint8Array, i: number, isText: boolean): boolean {
  const letter = at(word, i);
  if (letter >= 0x80) return isText;
  switch (letter) {
    case PERCENT:
      return false;
    case DASH:
      return i > 0;
    case 0x4d:
      return i < 2 || at(word, i - 2) !== 0x45 || at(word, i - 1) !== 0x4f;
  }
  return true;
}

/** Decodes a word into a new string. */
export function decoded(word: Uint8Array): Uint8Array {
  let end = endOfStrings;
  let i = 0;
  while (i < word.length) {
    if (end >= strings.length) tooLong();
    let letter = at(word, i);
    i++;
    if (letter === PERCENT && i + 2 <= word.length) {
      letter = valueOf(at(word, i)) * 16 + valueOf(at(word, i + 1));
      i += 2;
    }
    put(strings, end, letter);
    end++;
  }
  return finishString(end);
}

function valueOf(digit: number): number {
  return digit < 0x41 ? digit - 0x30 : digit - 0x41 + 10;
}
