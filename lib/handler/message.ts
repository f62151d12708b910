import type { Operand, Variable } from "../native/program.ts";
import { ERRORS_ABOVE, type State } from "./state.ts";

/** errno values that people meet at a program's start, in words. The numbers are the same on both hosts. */
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

/** Longer messages are cut. */
const MESSAGE_SIZE = 8192;

/** The one place that writes to stderr, and the one that ends the handler. */
export function defineMessages(s: State) {
  const { code } = s;
  const message = code.buffer("message", MESSAGE_SIZE);
  const length = code.variable("message_length");
  const byte = code.variable("message_byte");
  const text = code.variable("message_text");
  const number = code.variable("message_number");
  const scale = code.variable("message_scale");
  const status = code.variable("message_status");

  const sayByte = code.procedure("say_byte", [byte], () => {
    const at = code.variable("message_at");
    code.if(length, "<", MESSAGE_SIZE - 1, () => {
      code.do(at, message, "+", length);
      code.write(1, at, byte);
      code.do(length, length, "+", 1);
    });
  });

  /** Appends a string that ends in a zero byte; control bytes could drive a terminal, so they show as `?`. */
  const say = code.procedure("say", [text], () => {
    code.loop(() => {
      code.read(byte, 1, text);
      code.if(byte, "==", 0, () => code.leave());
      code.if(byte, "<", 0x20, () => code.set(byte, 0x3f));
      code.if(byte, "==", 0x7f, () => code.set(byte, 0x3f));
      code.call(sayByte, byte);
      code.do(text, text, "+", 1);
    });
  });

  /** Appends a number below 10,000,000,000 in decimal. */
  const sayNumber = code.procedure("say_number", [number], () => {
    const started = code.variable("message_started");
    code.set(started, 0);
    for (let power = 9; power >= 0; power--) {
      code.set(scale, 10 ** power);
      code.set(byte, 0x30);
      code.while(number, ">=", scale, () => {
        code.do(number, number, "-", scale);
        code.do(byte, byte, "+", 1);
        code.set(started, 1);
      });
      const last = power === 0 ? 1 : 0;
      code.if(last, "==", 1, () => code.set(started, 1));
      code.if(started, "==", 1, () => code.call(sayByte, byte));
    }
  });

  const error = code.variable("message_errno");
  /** Appends what a failed system call's result means. */
  const sayError = code.procedure("say_error", [error], () => {
    code.do(error, 0, "-", error);
    for (const [value, words] of ERRNO_WORDS) {
      code.if(error, "==", value, () => {
        code.call(say, code.text(words));
        code.return();
      });
    }
    code.call(say, code.text("error "));
    code.call(sayNumber, error);
  });

  const print = code.procedure("print", [], () => {
    code.do(scale, message, "+", length);
    code.write(1, scale, 0x0a);
    code.do(length, length, "+", 1);
    code.syscall(s.ignored, "write", 2, message, length);
    code.set(length, 0);
  });

  const end = code.procedure("end", [status], () => {
    code.call(print);
    code.syscall(s.ignored, "exit_group", status);
  });

  /** Appends strings and addresses of strings. */
  const sayAll = (parts: readonly Part[]) => {
    for (const part of parts) {
      if (typeof part === "string") code.call(say, code.text(part));
      else if ("error" in part) code.call(sayError, part.error);
      else code.call(say, part);
    }
  };

  /** Begins a message with what cannot be done; what was said before is dropped. */
  const begin = code.procedure("begin_message", [], () => {
    code.set(length, 0);
    sayAll(["binfmt-dispatcher: Cannot run “", s.program, "”: "]);
  });

  /** Says why the program cannot run, perhaps what to do next, and ends with the status. */
  const fail = (status: number, why: readonly Part[], hint?: readonly Part[]) => {
    code.call(begin);
    sayAll(why);
    if (hint !== undefined) sayHint(hint);
    code.call(end, status);
  };

  const sayHint = (hint: readonly Part[]) => {
    code.call(sayByte, 0x0a);
    sayAll(["  ", ...hint]);
  };

  /** Does `then` if the result of a system call is an error. */
  const ifError = (result: Variable, then: () => void, otherwise?: () => void) =>
    code.if(result, ">", ERRORS_ABOVE, then, otherwise);

  return { say, sayByte, sayNumber, sayAll, sayHint, begin, print, end, fail, ifError };
}

/** A piece of a message: literal words, a string's address, or a failed system call's result. */
export type Part = string | Operand & object | { readonly error: Variable };

export type Messages = ReturnType<typeof defineMessages>;
