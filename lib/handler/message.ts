import type { Operand, Procedure, Variable } from "../native/program.ts";
import { ERRORS_ABOVE, type State } from "./state.ts";
import type { Text } from "./text.ts";

/** errno values that people meet at a program's start, in words: the same on both hosts. */
const ERRNO_WORDS: readonly (readonly [number, string])[] = [
  [1, "operation not permitted"],
  [2, "no such file, or its own interpreter is missing"],
  [5, "input/output error"],
  [7, "the arguments and the environment are too long"],
  [8, "its format is not one that this machine can execute"],
  [11, "too many processes"],
  [12, "not enough memory"],
  [13, "permission denied"],
  [20, "a part of the path is no folder"],
  [21, "it is a folder"],
  [23, "too many open files on this system"],
  [24, "too many open files"],
  [26, "the file is being written"],
  [28, "no space left"],
  [36, "the path is too long"],
  [40, "too many levels of symbolic links"],
];

/** Bytes; longer messages are cut. */
const MESSAGE_SIZE = 8192;
const STDERR = 2;

/** A piece of a message: literal words, a string's address, or a failed system call's result. */
export type Part = string | Operand & object | { readonly error: Variable };

/** The one place that writes to stderr, and the one that ends the handler. */
export function defineMessages(s: State, text: Text) {
  const { code } = s;
  const { say, print, reset } = defineSay(s);
  const sayError = defineSayError(s, text, say);
  const status = code.variable("message_status");

  const end = code.procedure("end", [status], () => {
    code.call(print);
    code.syscall(s.ignored, "exit_group", status);
  });
  const sayAll = (parts: readonly Part[]) => {
    for (const part of parts) {
      if (typeof part === "string") code.call(say, code.text(part));
      else if ("error" in part) code.call(sayError, part.error);
      else code.call(say, part);
    }
  };
  /** Begins with what cannot be done; what was said before is dropped. */
  const begin = code.procedure("begin_message", [], () => {
    code.call(reset);
    sayAll(["binfmt-dispatcher: Cannot run “", s.program, "”: "]);
  });
  /** Says on a second line what to do next. */
  const sayHint = (hint: readonly Part[]) => {
    code.call(print);
    sayAll(["  ", ...hint]);
  };
  /** Says why the program cannot run, perhaps what to do next, and ends with the status. */
  const fail = (exit_status: number, why: readonly Part[], hint?: readonly Part[]) => {
    code.call(begin);
    sayAll(why);
    if (hint !== undefined) sayHint(hint);
    code.call(end, exit_status);
  };
  /** Does `then` if the result of a system call is an error. */
  const ifError = (result: Variable, then: () => void, otherwise?: () => void) =>
    code.if(result, ">", ERRORS_ABOVE, then, otherwise);

  return { sayAll, sayHint, begin, print, end, fail, ifError };
}

export type Messages = ReturnType<typeof defineMessages>;

/**
 * What a terminal obeys in UTF-8, by its last three bytes: the first and last of a range, and the
 * last byte of what shows instead. C1 controls (¿), line and bidirectional ones (…, ⁇).
 */
const OBEYED = [
  { mask: 0xffff, first: 0xc280, last: 0xc29f, shown: 0xbf },
  { mask: 0xffffff, first: 0xe280a8, last: 0xe280ae, shown: 0xa6 },
  { mask: 0xffffff, first: 0xe281a6, last: 0xe281a9, shown: 0x87 },
];

/** `say` appends a string to the line, `print` writes the line, `reset` drops it. */
function defineSay(s: State) {
  const { code } = s;
  const message = code.buffer("message", MESSAGE_SIZE);
  const length = code.variable("message_length");
  const byte = code.variable("message_byte");
  const text = code.variable("message_text");
  const at = code.variable("message_at");
  const recent = code.variable("message_recent");
  const letter = code.variable("message_letter");
  // Control bytes could drive a terminal, so they show as `?`.
  const say = code.procedure("say", [text], () => {
    code.loop(() => {
      code.read(byte, 1, text);
      code.if(byte, "==", 0, () => code.leave());
      code.if(length, ">=", MESSAGE_SIZE - 1, () => code.leave());
      code.if(byte, "<", 0x20, () => code.set(byte, 0x3f));
      code.if(byte, "==", 0x7f, () => code.set(byte, 0x3f));
      code.do(recent, recent, "<<", 8);
      code.do(recent, recent, "|", byte);
      for (const { mask, first, last, shown } of OBEYED) {
        code.do(letter, recent, "&", mask);
        code.if(letter, ">=", first, () => {
          code.if(letter, "<=", last, () => code.set(byte, shown));
        });
      }
      code.do(at, message, "+", length);
      code.write(1, at, byte);
      code.do(length, length, "+", 1);
      code.do(text, text, "+", 1);
    });
  });
  const print = code.procedure("print", [], () => {
    code.do(at, message, "+", length);
    code.write(1, at, 0x0a);
    code.do(length, length, "+", 1);
    code.syscall(s.ignored, "write", STDERR, message, length);
    code.set(length, 0);
  });
  const reset = code.procedure("reset_message", [], () => code.set(length, 0));
  return { say, print, reset };
}

/** Appends what a failed system call's result means. */
function defineSayError(s: State, text: Text, say: Procedure): Procedure {
  const { code } = s;
  const error = code.variable("message_errno");
  return code.procedure("say_error", [error], () => {
    code.do(error, 0, "-", error);
    for (const [value, words] of ERRNO_WORDS) {
      code.if(error, "==", value, () => {
        code.call(say, code.text(words));
        code.return();
      });
    }
    code.call(say, code.text("error "));
    code.call(text.decimal, error);
    code.call(say, text.digits);
  });
}
