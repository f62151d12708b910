import type { Operand } from "../native/program.ts";
import type { State } from "./state.ts";

/** Text helpers that several steps need. */
export function defineText(s: State) {
  const { code } = s;
  const at = code.variable("text_at");
  const end = code.variable("text_end");
  const from = code.variable("copy_from");
  const byte = code.variable("copy_byte");
  /** Copies a string without its zero byte to `to`, never past `limit`; `to` ends behind it. */
  const to = code.variable("copy_to");
  const limit = code.variable("copy_limit");
  const copy = code.procedure("copy", [from, limit], () => {
    code.loop(() => {
      code.read(byte, 1, from);
      code.if(byte, "==", 0, () => code.leave());
      code.if(to, ">=", limit, () => code.leave());
      code.write(1, to, byte);
      code.do(to, to, "+", 1);
      code.do(from, from, "+", 1);
    });
  });
  /**
   * Writes strings one after another and a zero byte into a buffer of `size` bytes. `full` is set to 1 where they
   * do not fit; then the result is cut.
   */
  const full = code.variable("text_full");
  const join = (buffer: Operand, size: number, parts: readonly (string | Operand)[]) => {
    code.do(end, buffer, "+", size - 1);
    code.set(to, buffer);
    for (const part of parts) {
      code.call(copy, typeof part === "string" ? code.text(part) : part, end);
    }
    code.write(1, to, 0);
    code.set(full, 0);
    code.if(to, ">=", end, () => code.set(full, 1));
  };
  const a = code.variable("equal_a");
  const b = code.variable("equal_b");
  const equal = code.variable("equal");
  /** `equal` is 1 if two strings are the same. */
  const same = code.procedure("same", [a, b], () => {
    code.loop(() => {
      code.read(byte, 1, a);
      code.read(at, 1, b);
      code.set(equal, 0);
      code.if(byte, "!=", at, () => code.return());
      code.set(equal, 1);
      code.if(byte, "==", 0, () => code.return());
      code.do(a, a, "+", 1);
      code.do(b, b, "+", 1);
    });
  });
  const digits = code.buffer("digits", 24);
  const number = code.variable("decimal_number");
  const digit = code.variable("decimal_digit");
  /** A number below 10,000,000,000 as a string at `digits`. */
  const decimal = code.procedure("decimal", [number], () => {
    code.set(at, digits);
    for (let power = 9; power >= 0; power--) {
      code.set(digit, 0x30);
      code.while(number, ">=", 10 ** power, () => {
        code.do(number, number, "-", 10 ** power);
        code.do(digit, digit, "+", 1);
      });
      code.write(1, at, digit);
      // A leading zero is written over by the next digit.
      if (power > 0) {
        code.if(at, "==", digits, () => {
          code.if(digit, "!=", 0x30, () => code.do(at, at, "+", 1));
        }, () => code.do(at, at, "+", 1));
      }
    }
    code.write(1, at, 0, 1);
  });
  return { copy, join, full, same, equal, decimal, digits };
}

export type Text = ReturnType<typeof defineText>;
