/** The one table of machines: what ELF, the kernel, qemu, GNU and Debian call them. */
import {
  EF_MIPS_ABI2,
  EHDR,
  ELFCLASS32,
  ELFCLASS64,
  ELFDATA2LSB,
  ELFDATA2MSB,
  EM,
  ET,
} from "./constants.ts";

/** A file is a program for the machine if ((byte ^ magic) & mask) is 0 for all its first bytes. */
export interface Magic {
  /** The entry's name in binfmt_misc, after `binfmt-dispatcher-`. */
  readonly entry: string;
  readonly magic: Uint8Array;
  readonly mask: Uint8Array;
}

export interface Machine {
  /** As qemu names its targets. */
  readonly name: string;
  readonly e_machine: readonly number[];
  /** EI_CLASS. */
  readonly class: 1 | 2;
  /** EI_DATA. */
  readonly data: 1 | 2;
  /** As qemu's scripts/qemu-binfmt-conf.sh has them, with the differences said below. */
  readonly magics: readonly Magic[];
  /** GNU triplet: aarch64-linux-gnu. */
  readonly gnu: string;
  /** Debian's port name: arm64. */
  readonly debian: string | undefined;
}

/** EI_OSABI is free: a static glibc program with IFUNCs has ELFOSABI_GNU there. */
const IDENT = "ffffffffffffff00ffffffffffffffff";
/**
 * Bytes 7 to 10 are free for the machines that AppImages are made for: these have "AI" and their
 * type in bytes 8 to 10, which qemu's masks do not let pass.
 * https://github.com/AppImage/AppImageSpec
 */
const X86 = "fffffffffffefe00000000ffffffffff";
const APPIMAGE = "ffffffffffffff00000000ffffffffff";
const ALPHA = "fffffffffffefe00ffffffffffffffff";
const M68K = "fffffffffffffe00ffffffffffffffff";
/** EI_ABIVERSION may be 0 or 1. */
const MIPS = "ffffffffffffff00feffffffffffffff";
/** EI_ABIVERSION is free. */
const LOONGARCH = "fffffffffffffffc00ffffffffffffff";

/** What is said of a machine below; the rest follows from it. */
interface Row {
  readonly name: string;
  /** EI_CLASS and EI_DATA. */
  readonly abi: readonly [1 | 2, 1 | 2];
  readonly e_machine: readonly number[];
  readonly gnu: string;
  readonly debian?: string;
  /** Hexadecimal mask of e_ident. */
  readonly ident?: string;
  /** What EF_MIPS_ABI2 must be, where the mask looks at it. */
  readonly mips_abi2?: boolean;
  /** Entries' names, where they are not the machine's. */
  readonly entries?: readonly string[];
}

const LE32 = [ELFCLASS32, ELFDATA2LSB] as const;
const BE32 = [ELFCLASS32, ELFDATA2MSB] as const;
const LE64 = [ELFCLASS64, ELFDATA2LSB] as const;
const BE64 = [ELFCLASS64, ELFDATA2MSB] as const;

// deno-fmt-ignore
const ROWS: readonly Row[] = [
  // The entries' names are those that existing masks and scripts go by: i386's is "x86".
  { name: "i386", abi: LE32, e_machine: [EM["386"], EM["486"]], ident: X86,
    entries: ["x86", "i486"], gnu: "i686-linux-gnu", debian: "i386" },
  { name: "x86_64", abi: LE64, e_machine: [EM.X86_64], ident: X86,
    gnu: "x86_64-linux-gnu", debian: "amd64" },
  { name: "alpha", abi: LE64, e_machine: [EM.ALPHA], ident: ALPHA,
    gnu: "alpha-linux-gnu", debian: "alpha" },
  { name: "arm", abi: LE32, e_machine: [EM.ARM], ident: APPIMAGE,
    gnu: "arm-linux-gnueabihf", debian: "armhf" },
  { name: "armeb", abi: BE32, e_machine: [EM.ARM], gnu: "armeb-linux-gnueabi", debian: "armeb" },
  { name: "sparc", abi: BE32, e_machine: [EM.SPARC], gnu: "sparc-linux-gnu", debian: "sparc" },
  { name: "sparc32plus", abi: BE32, e_machine: [EM.SPARC32PLUS],
    gnu: "sparc-linux-gnu", debian: "sparc" },
  { name: "sparc64", abi: BE64, e_machine: [EM.SPARCV9],
    gnu: "sparc64-linux-gnu", debian: "sparc64" },
  { name: "ppc", abi: BE32, e_machine: [EM.PPC], gnu: "powerpc-linux-gnu", debian: "powerpc" },
  { name: "ppc64", abi: BE64, e_machine: [EM.PPC64], gnu: "powerpc64-linux-gnu", debian: "ppc64" },
  // qemu's mask ignores e_machine's high byte, which would take foreign numbers in as well.
  { name: "ppc64le", abi: LE64, e_machine: [EM.PPC64],
    gnu: "powerpc64le-linux-gnu", debian: "ppc64el" },
  { name: "m68k", abi: BE32, e_machine: [EM["68K"]], ident: M68K,
    gnu: "m68k-linux-gnu", debian: "m68k" },
  { name: "mips", abi: BE32, e_machine: [EM.MIPS], ident: MIPS, mips_abi2: false,
    gnu: "mips-linux-gnu", debian: "mips" },
  { name: "mipsel", abi: LE32, e_machine: [EM.MIPS], ident: MIPS, mips_abi2: false,
    gnu: "mipsel-linux-gnu", debian: "mipsel" },
  { name: "mipsn32", abi: BE32, e_machine: [EM.MIPS], ident: MIPS, mips_abi2: true,
    gnu: "mips64-linux-gnuabin32", debian: "mipsn32" },
  { name: "mipsn32el", abi: LE32, e_machine: [EM.MIPS], ident: MIPS, mips_abi2: true,
    gnu: "mips64el-linux-gnuabin32", debian: "mipsn32el" },
  { name: "mips64", abi: BE64, e_machine: [EM.MIPS], ident: MIPS,
    gnu: "mips64-linux-gnuabi64", debian: "mips64" },
  { name: "mips64el", abi: LE64, e_machine: [EM.MIPS], ident: MIPS,
    gnu: "mips64el-linux-gnuabi64", debian: "mips64el" },
  { name: "sh4", abi: LE32, e_machine: [EM.SH], gnu: "sh4-linux-gnu", debian: "sh4" },
  { name: "sh4eb", abi: BE32, e_machine: [EM.SH], gnu: "sh4eb-linux-gnu", debian: "sh4eb" },
  { name: "s390x", abi: BE64, e_machine: [EM.S390], gnu: "s390x-linux-gnu", debian: "s390x" },
  { name: "aarch64", abi: LE64, e_machine: [EM.AARCH64], ident: APPIMAGE,
    gnu: "aarch64-linux-gnu", debian: "arm64" },
  { name: "aarch64_be", abi: BE64, e_machine: [EM.AARCH64], gnu: "aarch64_be-linux-gnu" },
  { name: "hppa", abi: BE32, e_machine: [EM.PARISC], gnu: "hppa-linux-gnu", debian: "hppa" },
  { name: "riscv32", abi: LE32, e_machine: [EM.RISCV], gnu: "riscv32-linux-gnu" },
  { name: "riscv64", abi: LE64, e_machine: [EM.RISCV],
    gnu: "riscv64-linux-gnu", debian: "riscv64" },
  { name: "xtensa", abi: LE32, e_machine: [EM.XTENSA], gnu: "xtensa-linux-gnu" },
  { name: "xtensaeb", abi: BE32, e_machine: [EM.XTENSA], gnu: "xtensaeb-linux-gnu" },
  // qemu's script has the old number alone, but compilers write the new one and qemu runs both:
  // elf_check_arch in https://gitlab.com/qemu-project/qemu/-/blob/v9.0.0/linux-user/elfload.c
  // Its big-endian magic has e_type's bytes in the wrong order and never matches; Debian mends it.
  { name: "microblaze", abi: BE32, e_machine: [EM.MICROBLAZE, EM.MICROBLAZE_OLD],
    entries: ["microblaze", "microblaze-old"], gnu: "microblaze-linux-gnu" },
  { name: "microblazeel", abi: LE32, e_machine: [EM.MICROBLAZE, EM.MICROBLAZE_OLD],
    entries: ["microblazeel", "microblazeel-old"], gnu: "microblazeel-linux-gnu" },
  { name: "or1k", abi: BE32, e_machine: [EM.OPENRISC], gnu: "or1k-linux-gnu", debian: "or1k" },
  { name: "hexagon", abi: LE32, e_machine: [EM.QDSP6], gnu: "hexagon-linux-musl" },
  { name: "loongarch64", abi: LE64, e_machine: [EM.LOONGARCH], ident: LOONGARCH,
    gnu: "loongarch64-linux-gnu", debian: "loong64" },
];

/** The mask of e_type: ET.EXEC and ET.DYN differ in the last bit. */
const ANY_PROGRAM = 0xfffe;
/** Where e_flags stands in a header of ELFCLASS32. */
const E_FLAGS_32 = 36;

/** The first 20 bytes of an ET_EXEC or ET_DYN header; 40 where e_flags tell two machines apart. */
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
    magic.setUint32(E_FLAGS_32, mips_abi2 ? EF_MIPS_ABI2 : 0, littleEndian);
    mask.setUint32(E_FLAGS_32, EF_MIPS_ABI2, littleEndian);
  }
  return { entry, magic: bytes(magic), mask: bytes(mask) };
}

/** Every machine that qemu-binfmt-conf.sh registers, and sparc64. Names and entries are unique. */
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
 * What a host's kernel runs itself: registered, an entry would take the host's own programs. An
 * aarch64 kernel runs arm programs only where the processor can (Apple's cannot): its owner says.
 */
export const NATIVE: Readonly<Record<string, readonly string[]>> = {
  x86_64: ["x86_64", "i386"],
  aarch64: ["aarch64"],
};
