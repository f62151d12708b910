// Shows docs/security.md#a-hostile-program-file
import { assert, assertEquals } from "@std/assert";
import { EM_486, EM_SPARC32PLUS, EM_X86_64 } from "../../lib/elf/constants.ts";
import { type ElfError, type ElfHeader, readElf } from "../../lib/elf/header.ts";
import { MACHINES } from "../../lib/elf/machines.ts";
import { Random } from "../compiler/random.ts";
import { buildElf, machine, reader, type Shape } from "./build_elf.ts";

const LOADER = "/lib/ld.so.1";
const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

function header(bytes: Uint8Array): ElfHeader {
  const result = readElf(reader(bytes));
  assert(!("error" in result), JSON.stringify(result));
  return result;
}

function error(bytes: Uint8Array): ElfError {
  const result = readElf(reader(bytes));
  assert("error" in result, "no error");
  return result;
}

/** A copy with some bytes changed. */
function patched(bytes: Uint8Array, at: number, ...values: number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
}

Deno.test("readElf() recognises every machine of the table, static and dynamic", () => {
  for (const { name, class: class_, data, e_machine } of MACHINES) {
    const still = header(buildElf({ machine: name }));
    assertEquals(still.machine?.name, name);
    assertEquals([still.class, still.data, still.e_type], [class_, data, 2]);
    assertEquals(still.e_machine, e_machine[0]);
    assertEquals([still.linkage, still.interp, still.appimage], ["static", undefined, undefined]);
    const dynamic = header(buildElf({ machine: name, interp: LOADER }));
    assertEquals([dynamic.linkage, text(dynamic.interp)], ["dynamic", LOADER]);
  }
});

Deno.test("readElf() tells o32 from n32 and sparc from sparc32plus, and does not know x32", () => {
  assertEquals(header(buildElf({ machine: "mips", e_flags: 0x70001007 })).machine?.name, "mips");
  assertEquals(header(buildElf({ machine: "mips", e_flags: 0x27 })).machine?.name, "mipsn32");
  assertEquals(header(buildElf({ machine: "mipsel", e_flags: 0x20 })).machine?.name, "mipsn32el");
  const sparc = buildElf({ machine: "sparc" });
  assertEquals(header(patched(sparc, 19, EM_SPARC32PLUS)).machine?.name, "sparc32plus");
  const i386 = buildElf({ machine: "i386" });
  assertEquals(header(patched(i386, 18, EM_486)).machine?.name, "i386");
  assertEquals(header(patched(i386, 18, EM_X86_64)).machine, undefined);
});

Deno.test("readElf() recognises AppImages of both types, and reads EI_OSABI", () => {
  const elf = buildElf({ machine: "x86_64", interp: LOADER });
  assertEquals(header(patched(elf, 8, 0x41, 0x49, 1)).appimage, 1);
  assertEquals(header(patched(elf, 8, 0x41, 0x49, 2)).appimage, 2);
  assertEquals(header(patched(elf, 8, 0x41, 0x49, 3)).appimage, undefined);
  assertEquals(header(patched(elf, 7, 3)).EI_OSABI, 3);
});

Deno.test("readElf() rejects a header that is truncated at any byte", () => {
  for (const name of ["i386", "x86_64", "ppc", "s390x"]) {
    const elf = buildElf({ machine: name });
    assertEquals(elf.length, machine(name).class === 2 ? 64 : 52);
    for (let end = 0; end < elf.length; end += 1) {
      const expected = end < 4
        ? "not-elf"
        : end < 5
        ? "bad-class"
        : end < 6
        ? "bad-data"
        : undefined;
      assertEquals(error(elf.subarray(0, end)).error, expected ?? "truncated-header");
    }
  }
});

Deno.test("readElf() names each fault of a wrong header", () => {
  const elf = buildElf({ machine: "x86_64", interp: LOADER });
  const interp: Omit<Shape, "machine"> = { interp: LOADER };
  const errors = (shape: Partial<Shape>) =>
    ["x86_64", "arm", "s390x", "ppc"].map((machine) =>
      error(buildElf({ machine, ...interp, ...shape })).error
    );
  const four = (code: string) => [code, code, code, code];
  assertEquals(error(patched(elf, 4, 3)).error, "bad-class");
  assertEquals(error(patched(elf, 5, 0)).error, "bad-data");
  assertEquals(error(patched(elf, 54, 32)).error, "bad-phentsize");
  assertEquals(error(elf.subarray(0, 100)).error, "truncated-program-headers");
  assertEquals(error(elf.subarray(0, elf.length - 1)).error, "interp-truncated");
  assertEquals(errors({ filesz: 0x7fffffff }), four("interp-too-long"));
  assertEquals(errors({ interp: new Uint8Array(4097).fill(47) }), four("interp-too-long"));
  assertEquals(errors({ interp: new Uint8Array(4096).fill(47) }), four("interp-unterminated"));
  assertEquals(errors({ filesz: LOADER.length }), four("interp-unterminated"));
  assertEquals(errors({ filesz: 0 }), four("interp-unterminated"));
  assertEquals(errors({ interp: "" }), four("interp-empty"));
  const far = patched(elf, 32, 255, 255, 255, 255, 255, 255, 255, 255);
  assertEquals(error(far).error, "truncated-program-headers");
});

Deno.test("readElf() says what was found and expected", () => {
  const elf = buildElf({ machine: "x86_64", interp: LOADER });
  assertEquals(error(patched(elf, 54, 32)).why, "e_phentsize is 32, expected 56");
  assertEquals(error(patched(elf, 4, 7)).why, "EI_CLASS is 7, expected 1 or 2");
});

Deno.test("readElf() reads 64 program headers, wherever they and the string are", () => {
  for (const machine of ["x86_64", "i386", "s390x", "mips"]) {
    const at = (shape: Partial<Shape>) =>
      text(header(buildElf({ machine, interp: LOADER, ...shape })).interp);
    assertEquals(at({ before: 63 }), LOADER);
    assertEquals(at({ before: 64 }), undefined);
    assertEquals(at({ before: 63, phoff: 4000 }), LOADER, "from head into the rest");
    assertEquals(at({ phoff: 4096, interpAt: 4080 }), LOADER);
    assertEquals(at({ phoff: 6000, interpAt: 4090 }), LOADER, "from head into the rest");
    assertEquals(at({ phoff: 100_000, interpAt: 90_000 }), LOADER);
    assertEquals(at({ interp: "/" + "x".repeat(4094) }), "/" + "x".repeat(4094));
  }
});

Deno.test("readElf() reads 120,000 mutated headers without a throw, less than 64 KiB each", () => {
  const seed = 20261122;
  const random = new Random(seed);
  const samples = MACHINES.flatMap(({ name }) => [
    buildElf({ machine: name, interp: LOADER, before: 3 }),
    buildElf({ machine: name, interp: LOADER, phoff: 5000, interpAt: 9000 }),
  ]);
  const seen = new Map<string, number>();
  for (let run = 0; run < 120_000; run += 1) {
    const sample = random.pick(samples);
    const isCut = random.below(8) === 0;
    const copy = sample.slice(0, isCut ? random.below(sample.length) : sample.length);
    // Mostly in the header and the first program headers, and mostly edge values.
    const changes = 1 + random.below(6);
    for (let i = 0; i < changes; i += 1) {
      const isAnywhere = random.below(4) === 0;
      const at = random.below(isAnywhere ? copy.length + 1 : 64 + 4 * 56);
      const value = random.pick([0, 1, 2, 3, 0x7f, 0x80, 0xff, random.below(256)]);
      if (at < copy.length) copy[at] = value;
    }
    const read = reader(copy);
    try {
      const result = readElf(read);
      const outcome = "error" in result ? result.error : result.linkage;
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    } catch (thrown) {
      throw new Error(`seed ${seed}, run ${run}, ${copy.toHex()}`, { cause: thrown });
    }
    assert(read.total < 64 * 1024, `seed ${seed}, run ${run}: ${read.total} bytes read`);
  }
  // The mutations reach every outcome.
  const outcomes = "static dynamic not-elf truncated-header bad-class bad-data bad-phentsize " +
    "truncated-program-headers interp-too-long interp-truncated interp-unterminated interp-empty";
  assertEquals([...seen.keys()].toSorted(), outcomes.split(" ").toSorted());
});

Deno.test("readElf() accepts a reader that gives nothing, too little or too much", () => {
  assertEquals(readElf(() => new Uint8Array()), {
    error: "not-elf",
    why: "it does not begin with “\\x7fELF”",
  });
  const elf = buildElf({ machine: "arm", interp: LOADER, phoff: 5000 });
  assertEquals((readElf((offset) => elf.subarray(offset)) as ElfHeader).linkage, "dynamic");
  const head = readElf((offset, limit) => offset === 0 ? elf.subarray(0, limit) : new Uint8Array());
  assertEquals((head as ElfError).error, "truncated-program-headers");
});
