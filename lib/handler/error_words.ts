/** Errors of system calls in words. */
import { decimal, join, NONE } from "./bytes.ts";
import { utf8 } from "./outside.ts";

const other = new Uint8Array(32);

/** Describes −errno. x86_64 and aarch64 have the same numbers. */
export function wordsOf(error: number): Uint8Array {
  switch (-error) {
    case 1:
      return utf8("operation not permitted");
    case 2:
      return utf8("no such file");
    case 5:
      return utf8("input/output error");
    case 7:
      return utf8("the arguments and the environment are too long");
    case 8:
      return utf8("exec format error");
    case 11:
      return utf8("too many processes");
    case 12:
      return utf8("not enough memory");
    case 13:
      return utf8("permission denied");
    case 20:
      return utf8("not a directory");
    case 21:
      return utf8("it is a directory");
    case 23:
      return utf8("too many open files on this system");
    case 24:
      return utf8("too many open files");
    case 26:
      return utf8("the file is open for writing");
    case 28:
      return utf8("no space left on the device");
    case 36:
      return utf8("the path is too long");
    case 40:
      return utf8("too many levels of symbolic links");
    default:
      return join(other, utf8("error "), decimal(-error)) ?? NONE;
  }
}
