/*
 * The handler, written by hand in C, to have something to compare ours with: the same work on the
 * same route table at each start, with the same checks. What it does not have is everything that a
 * start does not need: it makes no table, and where something is wrong it ends with a number and
 * without a word. Freestanding, because a C library would add its own start.
 *
 * format.h has the constants of lib/routes/format.ts, as tasks/bench/c_handler.ts writes them.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "format.h"

#ifndef TABLES
#error "TABLES: the folder with the system table"
#endif

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;

enum { PATH_SIZE = 4096, EI_MAX_PHDRS = 64, ARENA = 6 << 20 };

#if defined(__x86_64__)
static long sys(long n, long a, long b, long c, long d, long e, long f) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}
__asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call begin\n");
#elif defined(__aarch64__)
static long sys(long n, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = n;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc 0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory");
  return x0;
}
__asm__(".globl _start\n_start: mov x0, sp\n bl begin\n");
#endif
#define SYS(n, a, b, c, d, e) sys(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)

static _Noreturn void end(int status) {
  for (;;) SYS(SYS_exit_group, status, 0, 0, 0, 0);
}

static u64 length(const char *s) {
  u64 n = 0;
  while (s[n] != 0) n++;
  return n;
}

static int same(const char *a, const char *b) {
  while (*a == *b && *a != 0) a++, b++;
  return *a == *b;
}

/* Appends a string; ends the handler where the buffer is too small. */
static char *join(char *to, const char *limit, const char *from) {
  while (*from != 0) {
    if (to + 1 >= limit) end(126);
    *to++ = *from++;
  }
  *to = 0;
  return to;
}

static char **environment;
static int secure;

static const char *variable(const char *name) {
  if (secure) return 0;
  u64 n = length(name);
  for (char **entry = environment; *entry != 0; entry++) {
    u64 i = 0;
    while (i < n && (*entry)[i] == name[i]) i++;
    if (i == n && (*entry)[n] == '=') return *entry + n + 1;
  }
  return 0;
}

static const char *folder(const char *name) {
  const char *value = variable(name);
  return value != 0 && *value == '/' ? value : 0;
}

static int look(int at, const char *path, int flags, struct statx *into) {
  return (int)SYS(SYS_statx, at, path, flags, STATX_BASIC_STATS, into);
}

/* The table. */

static const u8 *table;
static u64 table_size;

static const void *in_table(u64 offset, u64 room) {
  if (room > table_size || offset > table_size - room) end(125);
  return table + offset;
}

static u32 number(u64 offset) {
  u32 value;
  __builtin_memcpy(&value, in_table(offset, 4), 4);
  return value;
}

static u64 wide(u64 offset) {
  u64 value;
  __builtin_memcpy(&value, in_table(offset, 8), 8);
  return value;
}

static const char *string(u64 offset) {
  const char *start = in_table(offset, 1);
  for (u64 at = offset; *(const char *)in_table(at, 1) != 0; at++) {}
  return start;
}

static u64 nanoseconds(struct statx_timestamp t) {
  return (u64)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void check_sources(void) {
  u64 at = number(HEADER_sources);
  for (u32 n = number(HEADER_n_sources); n > 0; n--, at += SOURCE_end) {
    struct statx s;
    u64 identity[6] = {0};
    if (look(AT_FDCWD, string(number(at + SOURCE_path)), 0, &s) == 0) {
      identity[0] = (u64)s.stx_dev_major << 32 | s.stx_dev_minor;
      identity[1] = s.stx_ino;
      identity[2] = s.stx_size;
      identity[3] = nanoseconds(s.stx_mtime);
      identity[4] = nanoseconds(s.stx_ctime);
      identity[5] = 1;
    }
    for (int i = 0; i < 6; i++)
      if (identity[i] != wide(at + SOURCE_identity + 8 * (u64)i)) end(125);
  }
}

static void find_table(u32 euid) {
  static char layer[PATH_SIZE];
  const char *base = folder("XDG_CONFIG_HOME");
  const char *rest = "/" USER_LAYER;
  if (base == 0) base = folder("HOME"), rest = "/.config/" USER_LAYER;
  struct statx s;
  if (base != 0) {
    join(join(layer, layer + PATH_SIZE, base), layer + PATH_SIZE, rest);
    if (look(AT_FDCWD, layer, 0, &s) == 0 && (s.stx_uid == euid || s.stx_uid == 0)) end(125);
  }
  int mode = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  int fd = (int)SYS(SYS_openat, AT_FDCWD, TABLES "/routes-" FORMAT_VERSION_TEXT, mode, 0, 0);
  if (fd < 0 || look(fd, "", AT_EMPTY_PATH, &s) != 0) end(125);
  if ((s.stx_mode & (0170000 | 022)) != 0100000) end(125);
  if (s.stx_size < HEADER_end + 8 || s.stx_size > MAX_TABLE_SIZE) end(125);
  long map = sys(SYS_mmap, 0, (long)s.stx_size, PROT_READ, MAP_SHARED, fd, 0);
  if (map < 0 && map > -4096) end(125);
  table = (const u8 *)map;
  table_size = s.stx_size;
  u64 magic;
  __builtin_memcpy(&magic, MAGIC, 8);
  if (wide(HEADER_magic) != magic || wide(table_size - 8) != magic) end(125);
  if (number(HEADER_version) != FORMAT_VERSION || number(HEADER_size) != table_size) end(125);
  check_sources();
}

/* The program. */

static const char *program, *argv0;
static int descriptor = -1;
static u8 head[HEAD_SIZE];
static u64 head_length;
static char path[PATH_SIZE];
static u64 path_length;
static struct statx program_file;
static char loader[PATH_SIZE];
static char window[PATH_SIZE];

static char *link_to(int fd, char *to) {
  char digits[12], *at = digits + 11;
  *at = 0;
  do *--at = (char)('0' + fd % 10); while ((fd /= 10) > 0);
  join(join(to, to + 64, "/proc/self/fd/"), to + 64, at);
  return to;
}

static void open_program(void) {
  char link[64];
  if (descriptor < 0) {
    int mode = O_RDONLY | O_NONBLOCK | O_CLOEXEC;
    descriptor = (int)SYS(SYS_openat, AT_FDCWD, program, mode, 0, 0);
    if (descriptor < 0) end(126);
  } else if (SYS(SYS_faccessat2, AT_FDCWD, program, 4, AT_EACCESS, 0) == -13) {
    end(126);
  }
  if (look(descriptor, "", AT_EMPTY_PATH, &program_file) != 0) end(126);
  long n = SYS(SYS_pread64, descriptor, head, HEAD_SIZE, 0, 0);
  if (n < 0) end(126);
  head_length = (u64)n;
  n = SYS(SYS_readlinkat, AT_FDCWD, link_to(descriptor, link), path, PATH_SIZE, 0);
  if (n < 0) n = join(path, path + PATH_SIZE, program) - path;
  path_length = (u64)n;
}

static u64 row, facts;

static u64 field(const u8 *at, int size, int big) {
  u64 value = 0;
  for (int i = 0; i < size; i++) value |= (u64)at[i] << 8 * (big ? size - 1 - i : i);
  return value;
}

static const u8 *in_file(u64 offset, u64 room) {
  if (offset <= head_length && room <= head_length - offset) return head + offset;
  if (room > PATH_SIZE) end(126);
  long n = SYS(SYS_pread64, descriptor, window, room, offset, 0);
  if (n < 0 || (u64)n != room) end(126);
  return (const u8 *)window;
}

static void read_loader(void) {
  int wide_class = head[EI_CLASS] == ELFCLASS64, big = head[EI_DATA] == ELFDATA2MSB;
  if (head[EI_CLASS] < 1 || head[EI_CLASS] > 2 || head[EI_DATA] < 1 || head[EI_DATA] > 2) end(126);
  if (head_length < (wide_class ? 64 : 52)) end(126);
  u64 at = wide_class ? field(head + 32, 8, big) : field(head + 28, 4, big);
  u64 stride = field(head + (wide_class ? 54 : 42), 2, big);
  u64 n = field(head + (wide_class ? 56 : 44), 2, big);
  if (n == 0) return;
  if (stride != (wide_class ? 56 : 32)) end(126);
  if (n > EI_MAX_PHDRS) n = EI_MAX_PHDRS;
  for (const u8 *header = in_file(at, n * stride); n > 0; n--, header += stride) {
    if (field(header, 4, big) != PT_INTERP) continue;
    u64 offset = wide_class ? field(header + 8, 8, big) : field(header + 4, 4, big);
    u64 size = wide_class ? field(header + 32, 8, big) : field(header + 16, 4, big);
    if (size == 0 || size > PATH_SIZE) end(126);
    const char *from = (const char *)in_file(offset, size);
    if (from[size - 1] != 0) end(126);
    join(loader, loader + PATH_SIZE, from);
    return;
  }
}

static const char *extension(void) {
  const char *found = "";
  for (const char *at = program; *at != 0; at++) {
    if (*at == '.') found = at + 1;
    if (*at == '/') found = "";
  }
  return found;
}

static int fits(u64 kind, const char *suffix) {
  u32 wanted = number(kind + KIND_extension);
  if (wanted != 0) return same(string(wanted), suffix);
  u64 offset = number(kind + KIND_offset), size = number(kind + KIND_size);
  if (offset + size > head_length) return 0;
  const u8 *magic = in_table(number(kind + KIND_magic), size);
  const u8 *mask = in_table(number(kind + KIND_mask), size);
  for (u64 i = 0; i < size; i++)
    if (((head[offset + i] ^ magic[i]) & mask[i]) != 0) return 0;
  return 1;
}

static void find_kind(void) {
  const char *suffix = extension();
  u64 kind = number(HEADER_kinds);
  u32 n = number(HEADER_n_kinds);
  for (;; n--, kind += KIND_end) {
    if (n == 0) end(126);
    if (fits(kind, suffix)) break;
  }
  row = number(kind + KIND_row);
  if (number(kind + KIND_probe) == PROBE_PT_INTERP) read_loader();
  if (number(kind + KIND_probe) == PROBE_CLR) end(126); /* none is timed */
  facts = loader[0] != 0 ? WHEN_DYNAMIC : WHEN_STATIC;
}

static void close_program(void) {
  SYS(SYS_close, descriptor, 0, 0, 0, 0);
  if (descriptor <= 2) SYS(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR, 0, 0);
}

/* The rule. */

static u64 walk(u64 state, const char *bytes, u64 n) {
  for (u64 i = 0; i < n && state != 0; i++) {
    u8 byte = (u8)bytes[i];
    u64 edge = state + STATE_edges;
    u32 edges = number(state + STATE_n);
    state = 0;
    for (; edges > 0; edges--, edge += EDGE_end) {
      u32 range = number(edge + EDGE_range);
      if (byte < (range & 0xff)) break;
      if (byte <= range >> 8) {
        state = number(edge + EDGE_next);
        break;
      }
    }
  }
  return state;
}

static u32 rule_of(u64 state) {
  return state == 0 ? 0 : number(state + STATE_rule);
}

static char home[PATH_SIZE];
static u64 home_length;

static void find_home(void) {
  char link[64];
  const char *name = folder("HOME");
  if (name == 0) return;
  int fd = (int)SYS(SYS_openat, AT_FDCWD, name, O_PATH | O_DIRECTORY | O_CLOEXEC, 0, 0);
  if (fd < 0) return;
  long n = SYS(SYS_readlinkat, AT_FDCWD, link_to(fd, link), home, PATH_SIZE, 0);
  home_length = n < 0 ? 0 : (u64)n;
  SYS(SYS_close, fd, 0, 0, 0, 0);
}

static u32 match(const char *subject, u64 n, int home_rules) {
  u64 start = number(HEADER_dfa);
  u32 rule = rule_of(walk(start, subject, n));
  if (!home_rules || home_length <= 1 || n <= home_length) return rule;
  for (u64 i = 0; i < home_length; i++)
    if (subject[i] != home[i]) return rule;
  if (subject[home_length] != '/') return rule;
  u32 own = rule_of(walk(walk(start, "~", 1), subject + home_length, n - home_length));
  return own != 0 && (rule == 0 || own < rule) ? own : rule;
}

static u64 find_list(void) {
  int home_rules = (number(HEADER_flags) & TABLE_FLAG_HOME_RULES) != 0;
  if (home_rules) find_home();
  u64 rule = match(path, path_length, home_rules);
  if (rule == 0 && *program == '/') rule = match(program, length(program), home_rules);
  u64 rows = number(HEADER_rows);
  u64 list;
  const char *wanted = variable("BINFMT_DISPATCHER_INTERPRETER");
  if (wanted != 0) {
    u64 entry = number(HEADER_ids);
    u32 n = number(HEADER_n_ids);
    for (;; n--, entry += ID_lists + 4 * rows) {
      if (n == 0) end(125);
      if (same(string(number(entry + ID_name)), wanted)) break;
    }
    list = number(entry + ID_lists + 4 * row);
    if (list != 0) return list;
  }
  u64 choice = rule == 0 ? 0 : number(number(HEADER_rules) + rule * RULE_end + RULE_choice);
  return number(number(HEADER_choices) + 4 * (choice * rows + row));
}

/* The candidate. */

static char arena[ARENA];
static char *arena_at = arena;
static const char *sysroot = "";

static void put(char byte) {
  if (arena_at == arena + ARENA) end(126);
  *arena_at++ = byte;
}

static void put_string(const char *s) {
  while (*s != 0) put(*s++);
}

static const char *data_home(void) {
  static char kept[PATH_SIZE];
  const char *set = folder("XDG_DATA_HOME");
  if (set != 0) return set;
  if ((set = folder("HOME")) == 0) return 0;
  join(join(kept, kept + PATH_SIZE, set), kept + PATH_SIZE, "/.local/share");
  return kept;
}

static u8 byte_at(u64 offset) {
  return *(const u8 *)in_table(offset, 1);
}

/* A path template, or 0 where a folder in it is not known. */
static const char *fill(u64 at) {
  static char need[PATH_SIZE];
  char *to = need, *limit = need + PATH_SIZE;
  for (;; at++) {
    u8 byte = byte_at(at);
    if (byte == 0 || byte == MARKER_END) break;
    if (byte == MARKER_HOME || byte == MARKER_XDG_DATA_HOME) {
      const char *value = byte == MARKER_HOME ? folder("HOME") : data_home();
      if (value == 0) return 0;
      to = join(to, limit, value);
    } else {
      if (to + 1 >= limit) return 0;
      *to++ = (char)byte;
    }
  }
  *to = 0;
  return need;
}

static int has_needs(u64 candidate) {
  u64 at = number(candidate + CANDIDATE_needs);
  u32 groups = number(at);
  for (u32 i = 0; i < groups; i++) {
    u64 group = number(at += 4);
    u32 n = number(group);
    struct statx s;
    int found = 0;
    while (n-- > 0 && !found) {
      const char *need = fill(number(group += 4));
      found = need != 0 && look(AT_FDCWD, need, 0, &s) == 0;
    }
    if (!found) return 0;
    if (i == 0 && s.stx_ino == program_file.stx_ino &&
        s.stx_dev_major == program_file.stx_dev_major &&
        s.stx_dev_minor == program_file.stx_dev_minor)
      end(126);
  }
  return 1;
}

static int has_sysroot(u64 candidate) {
  static char below[2 * PATH_SIZE];
  u64 at = number(candidate + CANDIDATE_sysroots);
  u32 n = at == 0 ? 0 : number(at);
  if (n == 0) return 1;
  sysroot = string(number(at + 4));
  if (loader[0] == 0) return 1;
  if (loader[0] != '/') return 0;
  for (; n > 0; n--) {
    struct statx s;
    sysroot = string(number(at += 4));
    join(join(below, below + sizeof below, sysroot), below + sizeof below, loader);
    if (look(AT_FDCWD, below, 0, &s) == 0) return 1;
  }
  return 0;
}

/* Fills a template's items in; how many. `arguments`: what the marker for them stands for. */
static u64 items(u64 at, char **to, char **limit, char **arguments) {
  char **first = to;
  while (byte_at(at) != MARKER_END) {
    char *item = arena_at;
    int counts = 1;
    for (u8 byte; (byte = byte_at(at)) != 0; at++) {
      if (byte < MARKER_PROGRAM) put((char)byte);
      else if (byte == MARKER_PROGRAM) put_string(program);
      else if (byte == MARKER_ARGV0) put_string(argv0);
      else if (byte == MARKER_SYSROOT) put_string(sysroot);
      else if (byte == MARKER_ARGUMENTS) {
        for (char **more = arguments; *more != 0; more++) {
          if (to == limit) end(126);
          *to++ = *more;
        }
        counts = 0;
      } else if (byte == MARKER_HOME || byte == MARKER_XDG_DATA_HOME) {
        const char *value = byte == MARKER_HOME ? folder("HOME") : data_home();
        if (value == 0) counts = 0;
        else put_string(value);
      } else {
        end(126); /* muvm's: none is timed */
      }
    }
    at++;
    if (counts) {
      put(0);
      if (to == limit) end(126);
      *to++ = item;
    } else {
      arena_at = item;
    }
  }
  if (to == limit) end(126);
  *to = 0;
  return (u64)(to - first);
}

static char *new_argv[ARENA / 8], *added[1024], *new_envp[ARENA / 8];

static int is_set_anew(const char *entry, u64 n) {
  for (u64 i = 0; i < n; i++) {
    const char *a = added[i], *b = entry;
    while (*a == *b && *a != 0 && *a != '=') a++, b++;
    if (*a == '=' && *b == '=') return 1;
  }
  return 0;
}

static _Noreturn void start(u64 candidate, char **arguments) {
  items(number(candidate + CANDIDATE_argv), new_argv, new_argv + ARENA / 8, arguments);
  char **envp = environment;
  u32 template = number(candidate + CANDIDATE_env);
  u64 n = template == 0 ? 0 : items(template, added, added + 1024, arguments);
  if (n > 0) {
    char **to = new_envp, **limit = new_envp + ARENA / 8 - n - 1;
    for (char **from = environment; *from != 0; from++) {
      if (to == limit) end(126);
      if (!is_set_anew(*from, n)) *to++ = *from;
    }
    for (u64 i = 0; i < n; i++) *to++ = added[i];
    *to = 0;
    envp = new_envp;
  }
  SYS(SYS_execve, new_argv[0], new_argv, envp, 0, 0);
  end(126);
}

__attribute__((used)) _Noreturn void begin(u64 *stack) {
  u64 argc = stack[0];
  char **argv = (char **)(stack + 1);
  environment = argv + argc + 1;
  if (argc < 2) end(2);
  u64 *auxv = (u64 *)environment;
  while (*auxv != 0) auxv++;
  u64 uid = 0, euid = 0, gid = 0, egid = 0, page_size = 0, flags = 1;
  for (auxv++; *auxv != AT_NULL; auxv += 2) {
    switch (*auxv) {
      case AT_EXECFD: descriptor = (int)auxv[1]; break;
      case AT_PAGESZ: page_size = auxv[1]; break;
      case AT_FLAGS: flags = auxv[1]; break;
      case AT_UID: uid = auxv[1]; break;
      case AT_EUID: euid = auxv[1]; break;
      case AT_GID: gid = auxv[1]; break;
      case AT_EGID: egid = auxv[1]; break;
      case AT_SECURE: secure = auxv[1] != 0; break;
    }
  }
  if (secure || uid != euid || gid != egid) end(126); /* none is timed */
  program = argv0 = argv[1];
  char **arguments = argv + 2;
  if ((flags & 1) != 0 && argc > 2) argv0 = *arguments++;

  open_program();
  find_table((u32)euid);
  find_kind();
  close_program();
  u64 list = find_list();
  if (list == 0) end(127);
  facts |= number(HEADER_page_size) == page_size ? WHEN_PAGES_FIT : WHEN_PAGES_DIFFER;
  u64 at = list + LIST_candidates;
  for (u32 n = number(list + LIST_n); n > 0; n--, at += 4) {
    u64 candidate = number(at);
    u32 when = number(candidate + CANDIDATE_when);
    if ((when & facts) != when) continue;
    if (has_needs(candidate) && has_sysroot(candidate)) start(candidate, arguments);
  }
  end(127);
}
