/** The table of machines, with their names in ELF, qemu, GNU and Debian. */
import * as elf from "./constants.ts";
import {
  EF_MIPS_ABI2,
  EHDR,
  ELF32,
  ELFCLASS32,
  ELFCLASS64,
  ELFDATA2LSB,
  ELFDATA2MSB,
  ET,
} from "./constants.ts";

/** A file matches if ((byte ^ magic) & mask) is 0 for all its first bytes. */
export interface Magic {
  /** The entry's name in binfmt_misc, after `binfmt-dispatcher-`. */
  readonly entry: string;
  readonly magic: Uint8Array;
  readonly mask: Uint8Array;
}

export interface Machine {
  /** qemu's name for the target. */
  readonly name: string;
  readonly e_machine: readonly number[];
  /** EI_CLASS. */
  readonly class: 1 | 2;
  /** EI_DATA. */
  readonly data: 1 | 2;
  /** Those of qemu's scripts/qemu-binfmt-conf.sh, with the differences explained below. */
  readonly magics: readonly Magic[];
  /** The GNU triplet, such as aarch64-linux-gnu. */
  readonly gnu: string;
  /** The name of Debian's port, such as arm64. */
  readonly debian: string | undefined;
}

/** Any EI_OSABI: a static glibc program with IFUNCs has ELFOSABI_GNU. */
const IDENT = "ffffffffffffff00ffffffffffffffff";
/**
 * Any bytes 7 to 10, for the machines of AppImages: these have "AI" and their type in bytes 8 to
 * 10, which qemu's masks exclude. https://github.com/AppImage/AppImageSpec
 */
const X86 = "fffffffffffefe00000000ffffffffff";
const APPIMAGE = "ffffffffffffff00000000ffffffffff";
const ALPHA = "fffffffffffefe00ffffffffffffffff";
const M68K = "fffffffffffffe00ffffffffffffffff";
/** EI_ABIVERSION 0 or 1. */
const MIPS = "ffffffffffffff00feffffffffffffff";
/** Any EI_ABIVERSION. */
const LOONGARCH = "fffffffffffffffc00ffffffffffffff";

/** What differs between machines; the rest of Machine follows from it. */
interface Row {
  readonly name: string;
  /** EI_CLASS and EI_DATA. */
  readonly abi: readonly [1 | 2, 1 | 2];
  readonly e_machine: readonly number[];
  readonly gnu: string;
  readonly debian?: string;
  /** The mask of e_ident in hexadecimal; IDENT if absent. */
  readonly ident?: string;
  /** The required EF_MIPS_ABI2; undefined if the mask does not include it. */
  readonly mips_abi2?: boolean;
  /** The entries' names, if they differ from the machine's. */
  readonly entries?: readonly string[];
}

const LE32 = [ELFCLASS32, ELFDATA2LSB] as const;
const BE32 = [ELFCLASS32, ELFDATA2MSB] as const;
const LE64 = [ELFCLASS64, ELFDATA2LSB] as const;
const BE64 = [ELFCLASS64, ELFDATA2MSB] as const;

// deno-fmt-ignore
const ROWS: readonly Row[] = [
  // i386's entry is "x86", as in existing masks and scripts.
  { name: "i386", abi: LE32, e_machine: [elf.EM_386, elf.EM_486], ident: X86,
    entries: ["x86", "i486"], gnu: "i686-linux-gnu", debian: "i386" },
  { name: "x86_64", abi: LE64, e_machine: [elf.EM_X86_64], ident: X86,
    gnu: "x86_64-linux-gnu", debian: "amd64" },
  { name: "alpha", abi: LE64, e_machine: [elf.EM_ALPHA], ident: ALPHA,
    gnu: "alpha-linux-gnu", debian: "alpha" },
  { name: "arm", abi: LE32, e_machine: [elf.EM_ARM], ident: APPIMAGE,
    gnu: "arm-linux-gnueabihf", debian: "armhf" },
  { name: "armeb", abi: BE32, e_machine: [elf.EM_ARM],
    gnu: "armeb-linux-gnueabi", debian: "armeb" },
  { name: "sparc", abi: BE32, e_machine: [elf.EM_SPARC], gnu: "sparc-linux-gnu", debian: "sparc" },
  { name: "sparc32plus", abi: BE32, e_machine: [elf.EM_SPARC32PLUS],
    gnu: "sparc-linux-gnu", debian: "sparc" },
  { name: "sparc64", abi: BE64, e_machine: [elf.EM_SPARCV9],
    gnu: "sparc64-linux-gnu", debian: "sparc64" },
  { name: "ppc", abi: BE32, e_machine: [elf.EM_PPC], gnu: "powerpc-linux-gnu", debian: "powerpc" },
  { name: "ppc64", abi: BE64, e_machine: [elf.EM_PPC64],
    gnu: "powerpc64-linux-gnu", debian: "ppc64" },
  // qemu's mask ignores the high byte of e_machine, and so matches other machines.
  { name: "ppc64le", abi: LE64, e_machine: [elf.EM_PPC64],
    gnu: "powerpc64le-linux-gnu", debian: "ppc64el" },
  { name: "m68k", abi: BE32, e_machine: [elf.EM_68K], ident: M68K,
    gnu: "m68k-linux-gnu", debian: "m68k" },
  { name: "mips", abi: BE32, e_machine: [elf.EM_MIPS], ident: MIPS, mips_abi2: false,
    gnu: "mips-linux-gnu", debian: "mips" },
  { name: "mipsel", abi: LE32, e_machine: [elf.EM_MIPS], ident: MIPS, mips_abi2: false,
    gnu: "mipsel-linux-gnu", debian: "mipsel" },
  { name: "mipsn32", abi: BE32, e_machine: [elf.EM_MIPS], ident: MIPS, mips_abi2: true,
    gnu: "mips64-linux-gnuabin32", debian: "mipsn32" },
  { name: "mipsn32el", abi: LE32, e_machine: [elf.EM_MIPS], ident: MIPS, mips_abi2: true,
    gnu: "mips64el-linux-gnuabin32", debian: "mipsn32el" },
  { name: "mips64", abi: BE64, e_machine: [elf.EM_MIPS], ident: MIPS,
    gnu: "mips64-linux-gnuabi64", debian: "mips64" },
  { name: "mips64el", abi: LE64, e_machine: [elf.EM_MIPS], ident: MIPS,
    gnu: "mips64el-linux-gnuabi64", debian: "mips64el" },
  { name: "sh4", abi: LE32, e_machine: [elf.EM_SH], gnu: "sh4-linux-gnu", debian: "sh4" },
  { name: "sh4eb", abi: BE32, e_machine: [elf.EM_SH], gnu: "sh4eb-linux-gnu", debian: "sh4eb" },
  { name: "s390x", abi: BE64, e_machine: [elf.EM_S390], gnu: "s390x-linux-gnu", debian: "s390x" },
  { name: "aarch64", abi: LE64, e_machine: [elf.EM_AARCH64], ident: APPIMAGE,
    gnu: "aarch64-linux-gnu", debian: "arm64" },
  { name: "aarch64_be", abi: BE64, e_machine: [elf.EM_AARCH64], gnu: "aarch64_be-linux-gnu" },
  { name: "hppa", abi: BE32, e_machine: [elf.EM_PARISC], gnu: "hppa-linux-gnu", debian: "hppa" },
  { name: "riscv32", abi: LE32, e_machine: [elf.EM_RISCV], gnu: "riscv32-linux-gnu" },
  { name: "riscv64", abi: LE64, e_machine: [elf.EM_RISCV],
    gnu: "riscv64-linux-gnu", debian: "riscv64" },
  { name: "xtensa", abi: LE32, e_machine: [elf.EM_XTENSA], gnu: "xtensa-linux-gnu" },
  { name: "xtensaeb", abi: BE32, e_machine: [elf.EM_XTENSA], gnu: "xtensaeb-linux-gnu" },
  // qemu's script has only the old number, but compilers write the new one and qemu runs both:
  // elf_check_arch in https://gitlab.com/qemu-project/qemu/-/blob/v9.0.0/linux-user/elfload.c
  // Its big-endian magic has the bytes of e_type in the wrong order and never matches, except in
  // Debian's version.
  { name: "microblaze", abi: BE32, e_machine: [elf.EM_MICROBLAZE, elf.EM_MICROBLAZE_OLD],
    entries: ["microblaze", "microblaze-old"], gnu: "microblaze-linux-gnu" },
  { name: "microblazeel", abi: LE32, e_machine: [elf.EM_MICROBLAZE, elf.EM_MICROBLAZE_OLD],
    entries: ["microblazeel", "microblazeel-old"], gnu: "microblazeel-linux-gnu" },
  { name: "or1k", abi: BE32, e_machine: [elf.EM_OPENRISC], gnu: "or1k-linux-gnu", debian: "or1k" },
  { name: "hexagon", abi: LE32, e_machine: [elf.EM_QDSP6], gnu: "hexagon-linux-musl" },
  { name: "loongarch64", abi: LE64, e_machine: [elf.EM_LOONGARCH], ident: LOONGARCH,
    gnu: "loongarch64-linux-gnu", debian: "loong64" },
];

/** The mask of e_type: ET.EXEC and ET.DYN differ in the last bit. */
const ANY_PROGRAM = 0xfffe;

/** The first 20 bytes of an ET_EXEC or ET_DYN header; 40 if e_flags distinguishes machines. */
function magicOf({ abi, ident = IDENT, mips_abi2 }: Row, e_machine: number, entry: string): Magic {
  const [class_, data] = abi;
  const littleEndian = data === ELFDATA2LSB;
  const size = mips_abi2 === undefined ? 20 : 40;
  const magic = new DataView(new ArrayBuffer(size));
  const mask = new DataView(new ArrayBuffer(size));
  const bytes = (view: DataView<ArrayBuffer>) => new Uint8Array(view.buffer);
  bytes(magic).set([0x7f, 0x45, 0x4c, 0x46, class_, data, 1]);
  bytes(mask).setFromHex(ident);
  magic.setUint16(EHDR.e_type, ET.EXEC, littleEndian);
  mask.setUint16(EHDR.e_type, ANY_PROGRAM, littleEndian);
  magic.setUint16(EHDR.e_machine, e_machine, littleEndian);
  mask.setUint16(EHDR.e_machine, 0xffff, littleEndian);
  if (mips_abi2 !== undefined) {
    magic.setUint32(ELF32.e_flags, mips_abi2 ? EF_MIPS_ABI2 : 0, littleEndian);
    mask.setUint32(ELF32.e_flags, EF_MIPS_ABI2, littleEndian);
  }
  return { entry, magic: bytes(magic), mask: bytes(mask) };
}

/** The machines that qemu-binfmt-conf.sh registers, and sparc64. Names and entries are unique. */
export const MACHINES: readonly Machine[] = ROWS.map((row) => ({
  name: row.name,
  e_machine: row.e_machine,
  class: row.abi[0],
  data: row.abi[1],
  magics: row.e_machine.map((e_machine, i) =>
    magicOf(row, e_machine, row.entries?.[i] ?? row.name)
  ),
  gnu: row.gnu,
  debian: row.debian,
}));

/**
 * The machines whose programs a host's kernel runs itself: an entry would take them away. Not arm
 * on aarch64, since not every processor can run it (Apple's cannot).
 */
export const NATIVE: Readonly<Record<string, readonly string[]>> = {
  x86_64: ["x86_64", "i386"],
  aarch64: ["aarch64"],
};
