/**
 * ELF's numbers by their names in the specification.
 * Source: elf.h (glibc), https://www.sco.com/developers/gabi/latest/ch4.eheader.html
 */

/** Values of e_machine. */
export const EM_NONE = 0;
export const EM_SPARC = 2;
export const EM_386 = 3;
export const EM_68K = 4;
/** Now EM_IAMCU; elf_check_arch_ia32() in arch/x86/include/asm/elf.h still accepts it for i386. */
export const EM_486 = 6;
export const EM_MIPS = 8;
export const EM_PARISC = 15;
export const EM_SPARC32PLUS = 18;
export const EM_PPC = 20;
export const EM_PPC64 = 21;
export const EM_S390 = 22;
export const EM_ARM = 40;
export const EM_SH = 42;
export const EM_SPARCV9 = 43;
export const EM_X86_64 = 62;
export const EM_OPENRISC = 92;
export const EM_XTENSA = 94;
export const EM_QDSP6 = 164;
export const EM_AARCH64 = 183;
export const EM_MICROBLAZE = 189;
export const EM_RISCV = 243;
export const EM_LOONGARCH = 258;
export const EM_ALPHA = 0x9026;
export const EM_MICROBLAZE_OLD = 0xbaab;

export const ELFCLASS32 = 1;
export const ELFCLASS64 = 2;
export const ELFDATA2LSB = 1;
export const ELFDATA2MSB = 2;

/** Values of e_type. */
export const ET = { REL: 1, EXEC: 2, DYN: 3, CORE: 4 } as const;

/** A value of p_type. */
export const PT_INTERP = 3;

/** A bit of e_flags: the n32 ABI of MIPS. https://refspecs.linuxfoundation.org/elf/mipsabi.pdf */
export const EF_MIPS_ABI2 = 0x20;

/** Offsets in the ELF header that both classes share. */
export const EHDR = { EI_CLASS: 4, EI_DATA: 5, EI_OSABI: 7, e_type: 16, e_machine: 18 } as const;

/** Sizes of the ELF header and of a program header, and offsets in both, by class: elf(5). */
export const ELF32 = {
  ehdr: 52,
  e_phoff: 28,
  e_flags: 36,
  e_phentsize: 42,
  e_phnum: 44,
  phdr: 32,
  p_offset: 4,
  p_filesz: 16,
} as const;
export const ELF64 = {
  ehdr: 64,
  e_phoff: 32,
  e_flags: 48,
  e_phentsize: 54,
  e_phnum: 56,
  phdr: 56,
  p_offset: 8,
  p_filesz: 32,
} as const;
