import type { Operand } from "../native/program.ts";
import type { State } from "./state.ts";

/** Strings and numbers, as several steps need them. */
export function defineText(s: State) {
  return { ...defineJoin(s), ...defineSame(s), ...defineDecimal(s) };
}

export type Text = ReturnType<typeof defineText>;

function defineJoin(s: State) {
  const { code } = s;
  const from = code.variable("join_from");
  const limit = code.variable("join_limit");
  const to = code.variable("join_to");
  const byte = code.variable("join_byte");
  /** Copies a string without its zero byte to `to`, never past `limit`; `to` ends behind it. */
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
  const end = code.variable("join_end");
  /** 1 where the strings did not fit, and the result is cut. */
  const full = code.variable("join_full");
  /** Writes strings one after another, and a zero byte, into a buffer of `size` bytes. */
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
  return { join, full };
}

function defineSame(s: State) {
  const { code } = s;
  const a = code.variable("same_a");
  const b = code.variable("same_b");
  const left = code.variable("same_left");
  const right = code.variable("same_right");
  const equal = code.variable("same_equal");
  /** `equal` is 1 if two strings are the same. */
  const same = code.procedure("same", [a, b], () => {
    code.set(equal, 0);
    code.loop(() => {
      code.read(left, 1, a);
      code.read(right, 1, b);
      code.if(left, "!=", right, () => code.return());
      code.if(left, "==", 0, () => code.leave());
      code.do(a, a, "+", 1);
      code.do(b, b, "+", 1);
    });
    code.set(equal, 1);
  });
  return { same, equal };
}

function defineDecimal(s: State) {
  const { code } = s;
  const digits = code.buffer("decimal_digits", 24);
  const number = code.variable("decimal_number");
  const digit = code.variable("decimal_digit");
  const at = code.variable("decimal_at");
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
      if (power === 0) continue;
      code.if(at, "==", digits, () => {
        code.if(digit, "!=", 0x30, () => code.do(at, at, "+", 1));
      }, () => code.do(at, at, "+", 1));
    }
    code.write(1, at, 0, 1);
  });
  return { decimal, digits };
}
