/** Compilers that are broken on purpose: each in one place. */
import type { Host } from "../../lib/native/language.ts";

export interface Mutant {
  /** What it does wrong. */
  readonly name: string;
  /** Below lib/. */
  readonly file: string;
  /** Occurs once in the file. */
  readonly right: string;
  readonly wrong: string;
  readonly host: Host;
  /** Does it allow accesses beyond bytes? */
  readonly isOfBounds?: boolean;
}

type Change = readonly [name: string, right: string, wrong: string];

function inFile(file: string, host: Host, ...changes: readonly Change[]): Mutant[] {
  return changes.map(([name, right, wrong]) => ({ name, file, right, wrong, host }));
}

const CONDITIONS: readonly Mutant[] = inFile(
  "compiler/condition.ts",
  "x86_64",
  ["<= is <", `"<=": "s<=",`, `"<=": "s<",`],
  ["> is unsigned", `">": "s>",`, `">": ">",`],
  [
    "the left side may change before it is compared",
    "body.stable(body.value(left), [node.right])",
    "body.value(left)",
  ],
  ["|| ends where && does", `node.operator === "||";`, `node.operator !== "||";`],
);

const NUMBERS: readonly Mutant[] = [
  ...inFile(
    "native/x86_64.ts",
    "x86_64",
    [
      "<< is not sign-extended",
      `[...forms.shift("shl", RAX), ...forms.movslq(RAX, RAX)]`,
      `forms.shift("shl", RAX)`,
    ],
    [">> shifts zeros in", `...forms.shift("sar", RAX)`, `...forms.shift("shr", RAX)`],
    [
      ">>> shifts 64 bits",
      `">>>": forms.shift("shr", RAX),`,
      `">>>": [0x48, ...forms.shift("shr", RAX)],`,
    ],
    [
      "<< uses six bits of its count",
      `[...forms.shift("shl", RAX), `,
      `[0x48, ...forms.shift("shl", RAX), `,
    ],
    ["% is unsigned", `"%": [...forms.cqto(), `, `"%": [...forms.movl(RDX, 0), `],
    [
      "division has 32 bits",
      `"/": [...forms.cqto(), ...forms.idiv(RCX)],`,
      `"/": [0x99, 0xf7, 0xf9, ...forms.movslq(RAX, RAX)],`,
    ],
    ["a product of 64 bits may wrap", `branch(code, "jo", label);`, ""],
    ["the largest number is refused", `branch(code, "ja", label);`, `branch(code, "jae", label);`],
  ),
  ...inFile(
    "native/aarch64.ts",
    "aarch64",
    [
      "<< is not sign-extended",
      `[...forms.shift("lsl", ...IN_A), ...forms.sxtw(X9, X9)]`,
      `forms.shift("lsl", ...IN_A)`,
    ],
    ["a product of 64 bits may wrap", `branch(code, "ne", label);`, ""],
    [
      "the largest number is refused",
      `branch(code, "hi", label);`,
      `branch(code, "hs", label);`,
    ],
  ),
  ...inFile(
    "native/aarch64_forms.ts",
    "aarch64",
    ["division is unsigned", "sdiv: 0x9ac0_0c00", "sdiv: 0x9ac0_0800"],
  ),
  ...inFile(
    "native/program.ts",
    "x86_64",
    ["bit operations are not cut to 32 bits", "machine.extend32(code);", ""],
    ["numbers beyond 2⁵³ are accepted", "machine.branchUnlessSafe(code, otherwise);", ""],
  ),
  ...inFile(
    "native/mirrored.ts",
    "x86_64",
    ["the sides of − are swapped", `["+", "*",`, `["+", "-", "*",`],
    ["the sides of < are swapped", "MIRRORED[comparison] ?? comparison", "comparison"],
  ),
  ...inFile(
    "compiler/arithmetic.ts",
    "x86_64",
    ["| uses 64 bits of one side", "natural.length === 2 || (", "natural.length >= 1 || ("],
    [
      "sums are always safe",
      `if (operator === "+") return [a[0] + b[0], a[1] + b[1]];`,
      `if (operator === "+") return [0, 1];`,
    ],
  ),
  ...inFile(
    "compiler/constants.ts",
    "x86_64",
    [">>> of constants is >>", "return a >>> b;", "return a >> b;"],
  ),
];

const BOUNDS: readonly Mutant[] = [
  ...inFile(
    "compiler/intrinsics.ts",
    "x86_64",
    [
      "a byte is not checked",
      `return body.p.branchUnless(i.words[0]!, "<", length, beyond);`,
      "return;",
    ],
    [
      "the byte after the last can be read",
      `branchUnless(i.words[0]!, "<", length`,
      `branchUnless(i.words[0]!, "<=", length`,
    ],
    ["negative indices are accepted", `"<", length, beyond);`, `"s<", length, beyond);`],
    [
      "the last of several bytes is not checked",
      `(room, ">=", size, beyond)`,
      `(room, ">=", size - 1, beyond)`,
    ],
    ["a known index may be too large by one", "[0, length - size]", "[0, length - size + 1]"],
    [
      "a part may end before it begins",
      `(from!.words[0]!, "<=", to!.words[0]!, beyond)`,
      `(from!.words[0]!, "<=", from!.words[0]!, beyond)`,
    ],
    [
      "a part ends before the last byte",
      `(to!.words[0]!, "<=", bytes`,
      `(to!.words[0]!, "<", bytes`,
    ],
    [
      "more is copied than there is room for",
      `(from!.words[1]!, "<=", room, beyond)`,
      `(from!.words[1]!, "<=", into!.words[1]!, beyond)`,
    ],
  ),
  ...inFile(
    "compiler/unit.ts",
    "x86_64",
    ["a counter stays at its first value", "{ most: Number.MAX_SAFE_INTEGER }", "{ most: 0 }"],
    ["bytes never become shorter", "binding?.isFixed ? {", "binding ? {"],
  ),
  ...inFile(
    "compiler/counter.ts",
    "x86_64",
    ["a counter from −1 on is an index", "first >= 0 && limit.of", "limit.of"],
  ),
  ...inFile(
    "compiler/function_body.ts",
    "x86_64",
    ["inlined parameters never change", "isFixed = !assigned.has(name);", "isFixed = true;"],
  ),
  ...inFile(
    "compiler/expression.ts",
    "x86_64",
    ["a choice has the range of its first side", "union([rangeOf(a), rangeOf(b)])", "rangeOf(a)"],
  ),
  ...inFile(
    "compiler/function_body.ts",
    "x86_64",
    ["results have the range of the first one", ": union(this.#ranges);", ": this.#ranges[0]!;"],
  ),
  ...inFile(
    "compiler/arithmetic.ts",
    "x86_64",
    ["a remainder is never negative", "[a[0] < 0 ? -most : 0, ", "[0, "],
  ),
];

const VALUES: readonly Mutant[] = [
  ...inFile(
    "compiler/function_body.ts",
    "x86_64",
    ["values change before they are used", "calls ? this.copy(value) : value", "value"],
    ["words change before they are written", "arg.isVolatile ? this.copy(arg) : arg", "arg"],
  ),
  ...inFile(
    "compiler/call.ts",
    "x86_64",
    [
      "parameters overwrite arguments",
      "set.has(word)) ? body.copy(arg) : arg",
      "false) ? arg : arg",
    ],
  ),
  ...inFile(
    "compiler/assignment.ts",
    "x86_64",
    ["x += f() reads x after the call", "body.stable(variable, [right])", "variable"],
  ),
  ...inFile(
    "compiler/unit.ts",
    "x86_64",
    ["functions that call each other share slots", "Math.max(0, ...ends)", "0"],
    ["slots overlap by one", "Math.max(0, ...ends)", "Math.max(0, ...ends.map((end) => end - 1))"],
    [
      "the call of a field's reader is overlooked",
      "return this.#reader(object);",
      `return object.type === "Identifier" ? this.#reader(object) : undefined;`,
    ],
  ),
  ...inFile(
    "native/emitter.ts",
    "x86_64",
    [
      "a label does not forget registers",
      "  mark(label: Label): void {\n    this.#held.clear();",
      "  mark(label: Label): void {",
    ],
    [
      "a constant does not forget its variable's register",
      "source);\n    this.#held.delete(variable);",
      "source);",
    ],
    [
      "a call does not forget registers",
      "  change(write: Write): void {\n    this.#held.clear();",
      "  change(write: Write): void {",
    ],
  ),
  ...inFile(
    "compiler/globals.ts",
    "x86_64",
    ["variables start as 0", "this.#p.set(variable, value)", "void variable, value"],
  ),
];

const STATEMENTS: readonly Mutant[] = [
  ...inFile(
    "compiler/loop.ts",
    "x86_64",
    [
      "a loop over bytes skips the first",
      'body.p.read(byte, 1, at);\n  body.p.do(at, at, "+", 1);',
      'body.p.do(at, at, "+", 1);\n  body.p.read(byte, 1, at);',
    ],
    [
      "a loop over bytes reads the length again each time",
      "  body.p.mark(again);\n  body.p.branchUnless(at,",
      [
        '  body.p.mark(again);\n  body.p.do(end, bytes.words[0]!, "+", bytes.words[1]!);',
        "  body.p.branchUnless(at,",
      ].join("\n"),
    ],
    [
      "continue skips i++",
      "  body.p.mark(next);\n  if (update) body.expressionStatement(update);",
      "  if (update) body.expressionStatement(update);\n  body.p.mark(next);",
    ],
    [
      "continue in a loop over words continues an outer loop",
      "body.loops.push({ end: over, next });",
      "body.loops.push({ end: over, next: undefined });",
    ],
  ),
  ...inFile(
    "compiler/switch.ts",
    "x86_64",
    ["default is skipped", "other < 0 ? end : labels[other]!", "end"],
    [
      "the first case is never taken",
      `if (typeof wanted !== "number")`,
      `if (node.cases[0]!.test === test) return label;\n      if (typeof wanted !== "number")`,
    ],
  ),
  ...inFile(
    "compiler/expression.ts",
    "x86_64",
    [
      "?? is inverted",
      `branchUnless(words[0]!, "==", 0, end)`,
      `branchIf(words[0]!, "==", 0, end)`,
    ],
  ),
  ...inFile(
    "compiler/support.ts",
    "x86_64",
    ["overlapping bytes are copied forwards", `p.branchIf(place, "<", n, backwards);`, ""],
  ),
];

export const MUTANTS: readonly Mutant[] = [
  ...CONDITIONS,
  ...NUMBERS,
  ...BOUNDS.map((mutant) => ({ ...mutant, isOfBounds: true })),
  ...VALUES,
  ...STATEMENTS,
];
