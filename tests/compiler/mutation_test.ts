import { assertEquals } from "@std/assert";
import { OPTIONS } from "../../lib/handler/options.ts";
import type * as compiler from "../../lib/compiler/compile.ts";
import { test } from "../abilities.ts";
import { neededFor } from "../native/execute.ts";
import { expectations } from "./agreement.ts";
import { type Mutant, MUTANTS } from "./mutants.ts";
import { compare, type Compile } from "./natively.ts";
import type { Expected } from "./in_deno.ts";
import { makeProgramDirectory } from "./program_directory.ts";

const SEED = 20_261_300;
const PER_FILE = 50;
/** At most so many programs are needed to find a broken compiler. */
const MOST = 1_500;

const LIB = new URL("../../lib/", import.meta.url).pathname;
/** Always the same directory: Deno caches what it imports by path. */
const DIRECTORY = new URL("../../.cache/mutants/", import.meta.url).pathname;

/** The compiler, broken as the mutant says. */
async function load({ file, right, wrong }: Mutant, index: number): Promise<Compile> {
  const root = `${DIRECTORY}${index}`;
  for (const directory of ["compiler", "elf", "native"]) {
    Deno.mkdirSync(`${root}/${directory}`, { recursive: true });
    for (const { name } of Deno.readDirSync(`${LIB}${directory}`)) {
      const text = Deno.readTextFileSync(`${LIB}${directory}/${name}`);
      const isMutated = file === `${directory}/${name}`;
      if (isMutated) assertEquals(text.split(right).length, 2, `“${right}” in ${file}`);
      const written = isMutated ? text.replace(right, () => wrong) : text;
      Deno.writeTextFileSync(`${root}/${directory}/${name}`, written);
    }
  }
  const { compile }: typeof compiler = await import(`file://${root}/compiler/compile.ts`);
  return (path, host) => compile(path, { host, options: OPTIONS }).code();
}

/** How many programs it takes to find the mutant; undefined if they do not find it. */
async function programsUntilFound(
  mutant: Mutant,
  compile: Compile,
  files: Iterable<Expected>,
): Promise<number | undefined> {
  let before = 0;
  for (const expected of files) {
    const difference = await compare(expected, mutant.host, compile);
    if (difference) return before + difference.program + 1;
    before += expected.programs.length;
  }
}

/** Can be iterated repeatedly, but makes each item once. */
function remembered<T>(from: Iterator<T>): Iterable<T> {
  const known: T[] = [];
  return {
    *[Symbol.iterator]() {
      for (let i = 0;; i++) {
        if (i === known.length) {
          const { value, done } = from.next();
          if (done) return;
          known.push(value);
        }
        yield known[i]!;
      }
    },
  };
}

test({
  name: `random programs find each of ${MUTANTS.length} compilers that are broken on purpose`,
  needs: [...neededFor("x86_64"), ...neededFor("aarch64")],
  async fn() {
    using place = makeProgramDirectory();
    const programs = (isCareless: boolean) =>
      remembered(expectations(place.directory, SEED, MOST, PER_FILE, { isCareless }));
    const careful = programs(false), careless = programs(true);
    const missed: string[] = [];
    try {
      for (const [i, mutant] of MUTANTS.entries()) {
        const files = mutant.isOfBounds ? careless : careful;
        const found = await programsUntilFound(mutant, await load(mutant, i), files);
        if (found === undefined) missed.push(`${mutant.file}: ${mutant.name}`);
      }
    } finally {
      Deno.removeSync(DIRECTORY, { recursive: true });
    }
    assertEquals(missed, []);
  },
});
