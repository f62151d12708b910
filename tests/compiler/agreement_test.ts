import { assert, assertEquals } from "@std/assert";
import { test } from "../abilities.ts";
import { neededFor } from "../native/execute.ts";
import { agree, expectations } from "./agreement.ts";
import { print } from "./piece.ts";
import { makeProgramDirectory } from "./program_directory.ts";

const SEED = 20_261_200;

test({
  name: "10,000 random programs do the same on x86_64 as in Deno, and end in the same place",
  needs: neededFor("x86_64"),
  fn: () => agree("x86_64", SEED, 10_000),
});

/** Operators that must each occur in many random programs. */
const OPERATORS = [
  ...["+", "-", "*", "&", "|", "^", "<<", ">>", ">>>", "<", "<=", ">", ">=", "===", "!==", "&&"],
  ...["||", "??", "%", "+=", "-=", "*=", "%=", "&=", "|=", "^=", "<<=", ">>=", ">>>="],
];

const FORMS: readonly RegExp[] = [
  ...OPERATORS.map((operator) => new RegExp(` ${RegExp.escape(operator)} `)),
  /\(-\w/,
  /\(~/,
  /!\(/,
  /\?.*:/,
  /Math\.trunc\(.* \/ \w+\)/,
  /\w\+\+;/,
  /--\w+;/,
  /=== undefined/,
  /\.length/,
  /^if \(.*\{$/m,
  /^\} else /m,
  /^while \(/m,
  /^do \{/m,
  /^for \(let .* < \d+; .*\+\+\)/m,
  /^for \(let .*\.length; .*\+\+\)/m,
  /^for \(;;\)/m,
  /^for \(const /m,
  /^switch \(/m,
  /^case .*:\ncase /m,
  /^default:/m,
  /break;/,
  /continue;/,
  /^function \w+\(.*\.\.\.w\d+/m,
  /\.\.\.w\d+, /,
  /^let \w+: number;/m,
  /structure\(R\d+, /,
  /u16\(/,
  /u32\(/,
  /part\(part\(/,
  /copy\(/,
  /stop\(/,
];

Deno.test("random programs contain every form of the language, and end in every way", () => {
  using place = makeProgramDirectory();
  const ends: Record<string, number> = {};
  const texts: string[] = [];
  for (const { programs, outcomes } of expectations(place.directory, SEED, 1_000)) {
    for (const { end } of outcomes) {
      const [how] = end.split(" ");
      ends[how!] = (ends[how!] ?? 0) + 1;
    }
    texts.push(...programs.map(({ declarations }) => print(declarations).text));
  }
  const count = (form: RegExp) => texts.filter((text) => form.test(text)).length;
  assertEquals(FORMS.filter((form) => count(form) < 15).map(String), []);
  for (const how of ["", "bounds", "beyond", "exit"]) assert((ends[how] ?? 0) >= 15, how);
});

/** TypeScript knows the result of some comparisons beforehand. */
const EXPECTED = /no overlap|not comparable|'never'|possibly 'undefined'/;

Deno.test("random programs have no type errors, except for comparisons", () => {
  using place = makeProgramDirectory();
  const { path } = expectations(place.directory, SEED, 100, 100).next().value!;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const options = { args: ["check", "--quiet", "--config", config, path], env: { NO_COLOR: "1" } };
  const { stderr } = new Deno.Command(Deno.execPath(), options).outputSync();
  const text = new TextDecoder().decode(stderr);
  const errors = text.split(/\n(?=TS\d+ )/).filter((each) => /^TS\d/.test(each));
  assert(errors.length > 0, text); // it could not check at all
  assertEquals(errors.filter((each) => !EXPECTED.test(each)), []);
});
