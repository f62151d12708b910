import type { State } from "./state.ts";

/**
 * Tells UTF-8 as RFC 3629 has it: no overlong form, no surrogate, nothing above U+10FFFF.
 */
export function defineUtf8(s: State) {
  const { code } = s;
  /** 1 if the string that was checked is UTF-8. */
  const valid = code.variable("utf8_valid");
  const at = code.variable("utf8_at");
  const byte = code.variable("utf8_byte");
  const follow = code.variable("utf8_follow");
  const low = code.variable("utf8_low");
  const high = code.variable("utf8_high");
  /** First bytes up to "last" are followed by so many bytes, the first of them in this range. */
  const LEADS = [
    { last: 0x7f, follow: 0, low: 0x80, high: 0xbf },
    { last: 0xc1, follow: -1, low: 0, high: 0 },
    { last: 0xdf, follow: 1, low: 0x80, high: 0xbf },
    { last: 0xe0, follow: 2, low: 0xa0, high: 0xbf },
    { last: 0xec, follow: 2, low: 0x80, high: 0xbf },
    { last: 0xed, follow: 2, low: 0x80, high: 0x9f },
    { last: 0xef, follow: 2, low: 0x80, high: 0xbf },
    { last: 0xf0, follow: 3, low: 0x90, high: 0xbf },
    { last: 0xf3, follow: 3, low: 0x80, high: 0xbf },
    { last: 0xf4, follow: 3, low: 0x80, high: 0x8f },
    { last: 0xff, follow: -1, low: 0, high: 0 },
  ];
  const lead = code.procedure("utf8_lead", [byte], () => {
    for (const { last, follow: bytes, low: from, high: to } of LEADS) {
      code.if(byte, "<=", last, () => {
        code.set(follow, bytes);
        code.set(low, from);
        code.set(high, to);
        code.return();
      });
    }
  });
  const check = code.procedure("check_utf8", [at], () => {
    code.set(valid, 1);
    const wrong = () => {
      code.set(valid, 0);
      code.return();
    };
    code.loop(() => {
      code.read(byte, 1, at);
      code.if(byte, "==", 0, () => code.return());
      code.call(lead, byte);
      code.if(follow, "==", -1, wrong);
      code.do(at, at, "+", 1);
      code.while(follow, "!=", 0, () => {
        code.read(byte, 1, at);
        code.if(byte, "<", low, wrong);
        code.if(byte, ">", high, wrong);
        code.set(low, 0x80);
        code.set(high, 0xbf);
        code.do(at, at, "+", 1);
        code.do(follow, follow, "-", 1);
      });
    });
  });
  return { check, valid };
}

export type Utf8 = ReturnType<typeof defineUtf8>;
