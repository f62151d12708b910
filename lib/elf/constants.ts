/**
 * ELF's numbers by their names in the specification.
 * Source: elf.h (glibc), https://www.sco.com/developers/gabi/latest/ch4.eheader.html
 */

/** e_machine. */
export const EM = {
  SPARC: 2,
  "386": 3,
  "68K": 4,
  /** 6 was the 486's before it became the Intel MCU's; the kernel's i386 loader still takes it. */
  "486": 6,
  MIPS: 8,
  PARISC: 15,
  SPARC32PLUS: 18,
  PPC: 20,
  PPC64: 21,
  S390: 22,
  ARM: 40,
  SH: 42,
  SPARCV9: 43,
  X86_64: 62,
  OPENRISC: 92,
  XTENSA: 94,
  QDSP6: 164,
  AARCH64: 183,
  MICROBLAZE: 189,
  RISCV: 243,
  LOONGARCH: 258,
  ALPHA: 0x9026,
  MICROBLAZE_OLD: 0xbaab,
} as const;

export const ELFCLASS32 = 1;
export const ELFCLASS64 = 2;
export const ELFDATA2LSB = 1;
export const ELFDATA2MSB = 2;

/** e_type. */
export const ET = { REL: 1, EXEC: 2, DYN: 3, CORE: 4 } as const;

/** p_type. */
export const PT_INTERP = 3;

/** A bit of e_flags: the n32 ABI of MIPS. https://refspecs.linuxfoundation.org/elf/mipsabi.pdf */
export const EF_MIPS_ABI2 = 0x20;

/** Where the fields of the header stand that have the same place in both classes. */
export const EHDR = { EI_CLASS: 4, EI_DATA: 5, EI_OSABI: 7, e_type: 16, e_machine: 18 } as const;
