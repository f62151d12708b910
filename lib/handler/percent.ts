import { PATH_SIZE, type State } from "./state.ts";
import type { Text } from "./text.ts";

const SIZE = 3 * PATH_SIZE;
const HEX = "0123456789ABCDEF";
/** What stands for itself: https://www.rfc-editor.org/rfc/rfc3986#section-2.3, and the slash. */
const PLAIN = [["A", "Z"], ["a", "z"], ["-", "9"], ["_", "_"], ["~", "~"]] as const;

/**
 * `encode` writes the prefix and a path as ASCII to `encoded`, each other byte as % and two digits:
 * a Deno program takes no argument that is not UTF-8. A path too long for it is cut.
 */
export function definePercent(s: State, text: Text, prefix: string) {
  const { code } = s;
  const encoded = code.buffer("percent_encoded", prefix.length + SIZE + 8);
  const path = code.variable("percent_path");
  const byte = code.variable("percent_byte");
  const digit = code.variable("percent_digit");
  const to = code.variable("percent_to");
  const end = code.variable("percent_end");
  const put = code.procedure("percent_put", [byte], () => {
    code.write(1, to, byte);
    code.do(to, to, "+", 1);
  });
  const putDigit = (shift: number) => {
    code.do(digit, byte, ">>", shift);
    code.do(digit, digit, "&", 15);
    code.do(digit, code.text(HEX), "+", digit);
    code.read(digit, 1, digit);
    code.write(1, to, digit);
    code.do(to, to, "+", 1);
  };
  const putCoded = code.procedure("percent_put_coded", [byte], () => {
    code.write(1, to, "%".charCodeAt(0));
    code.do(to, to, "+", 1);
    putDigit(4);
    putDigit(0);
  });
  const putByte = code.procedure("percent_put_byte", [byte], () => {
    for (const [first, last] of PLAIN) {
      code.if(byte, ">=", first.charCodeAt(0), () => {
        code.if(byte, "<=", last.charCodeAt(0), () => {
          code.call(put, byte);
          code.return();
        });
      });
    }
    code.call(putCoded, byte);
  });
  const encode = code.procedure("percent_encode", [path], () => {
    text.join(encoded, prefix.length + 1, [prefix]);
    code.do(to, encoded, "+", prefix.length);
    code.do(end, to, "+", SIZE);
    code.loop(() => {
      code.read(byte, 1, path);
      code.if(byte, "==", 0, () => code.leave());
      code.if(to, ">=", end, () => code.leave());
      code.call(putByte, byte);
      code.do(path, path, "+", 1);
    });
    code.write(1, to, 0);
  });
  return { encode, encoded };
}
