/*
 * Runs a command as if a World's files were in place and its entries in binfmt_misc, on hosts that
 * refuse mounts: kernel WORLD DIRECTORY COMMAND…
 *
 * Traces the command and its descendants (ptrace(2)), translates the paths of system calls to those
 * of the world's files, and does on execve() what fs/binfmt_misc.c and fs/binfmt_script.c do. /etc
 * and /usr are read-only, as in a World of mounts. Everything else is real: the machine's kernel
 * runs the handler, which gets its auxiliary vector as usual.
 *
 * Programs cannot trace, mount, chroot or listen on a socket's path in the world. A directory that
 * the machine has, too, is listed without the world's files.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NONE = -1, LINKS = 40, BINDS = 64, LINES = 64, HEAD = 256, PREFIX = 12, MANY = 4096 };
enum { ROOM = 32 * PATH_MAX, NO_ROOM = 1, SYSCALL_SIZE = 2 };
enum { THE_MACHINES = 1, THE_WORLDS = 2 };
enum { NOFOLLOW = 1, WRITES = 2, OPENS = 4, FLAGGED = 8 };

static const char *world;

static void check(int good, const char *what) {
  if (good) return;
  perror(what);
  _exit(99);
}

/* ---- Paths ---- */

static struct { char source[PATH_MAX], target[PATH_MAX]; } binds[BINDS];
static int n_binds;

static const char REGISTRY[] = "/proc/sys/fs/binfmt_misc";

/* The rest of a path that is the directory or below it, else NULL. */
static const char *below(const char *path, const char *directory) {
  size_t n = strlen(directory);
  return strncmp(path, directory, n) == 0 && (path[n] == 0 || path[n] == '/') ? path + n : NULL;
}

static int is_directory(const char *path) {
  struct stat s;
  return stat(path, &s) == 0 && S_ISDIR(s.st_mode);
}

/* Translates a path of the world, without links and dots, to the machine's. */
static void to_machine(const char *path, char *out) {
  struct stat s;
  for (int i = n_binds - 1; i >= 0; i--) {
    if (strcmp(path, binds[i].target) == 0) { strcpy(out, binds[i].source); return; }
  }
  const char *entry = below(path, REGISTRY);
  if (entry) { snprintf(out, PATH_MAX, "%s/binfmt_misc%s", world, entry); return; }
  snprintf(out, PATH_MAX, "%s%s", world, path);
  if (below(path, "/run")) return;
  int found = (below(path, "/etc") || below(path, "/usr")) && lstat(out, &s) == 0;
  /* A directory in both is the machine's; the world's files in it are found by name. */
  if (!found || (S_ISDIR(s.st_mode) && is_directory(path))) snprintf(out, PATH_MAX, "%s", path);
}

/* The reverse, in place. */
static void to_world(char *path) {
  for (int i = n_binds - 1; i >= 0; i--) {
    char now[PATH_MAX]; /* another one may be bound there since */
    if (strcmp(path, binds[i].source) != 0) continue;
    to_machine(binds[i].target, now);
    if (strcmp(now, path) == 0) { strcpy(path, binds[i].target); return; }
  }
  const char *rest = below(path, world);
  if (!rest) return;
  char moved[PATH_MAX];
  if (below(rest, "/binfmt_misc")) snprintf(moved, PATH_MAX, "%s%s", REGISTRY, rest + 12);
  else if (below(rest, "/etc") || below(rest, "/usr") || below(rest, "/run")) strcpy(moved, rest);
  else return;
  strcpy(path, moved);
}

static int read_link(const char *path, char *out) {
  ssize_t n = readlink(path, out, PATH_MAX - 1);
  if (n < 0) return 0;
  out[n] = 0;
  return 1;
}

/*
 * Resolves a process's path, without links and dots: `path` is the world's, `out` the machine's.
 * Returns THE_WORLDS if it leads through the world's files, 0 if it must stay as it is, like the
 * files that /proc has for each process.
 */
static int resolve(pid_t pid, int dirfd, const char *given, int follow, char *path, char *out) {
  static char todo[2 * PATH_MAX], link[PATH_MAX], rest[2 * PATH_MAX];
  int result = THE_MACHINES;
  if (*given == 0) return 0;
  path[0] = 0;
  if (*given != '/') {
    char name[64];
    if (dirfd == AT_FDCWD) snprintf(name, sizeof name, "/proc/%d/cwd", pid);
    else snprintf(name, sizeof name, "/proc/%d/fd/%d", pid, dirfd);
    if (!read_link(name, path) || *path != '/') return 0;
    struct stat there, meant;
    if (stat(name, &there) || stat(path, &meant) || there.st_ino != meant.st_ino) return 0;
    to_world(path);
    if (strcmp(path, "/") == 0) path[0] = 0;
  }
  if (strlen(given) >= PATH_MAX) return 0;
  strcpy(todo, given);
  for (int links = 0; *todo;) {
    char *name = todo + strspn(todo, "/");
    size_t n = strcspn(name, "/");
    char *behind = name + n;
    int last = behind[strspn(behind, "/")] == 0;
    if (n == 2 && memcmp(name, "..", 2) == 0) {
      char *slash = strrchr(path, '/');
      if (slash) *slash = 0;
    } else if (n > 0 && !(n == 1 && *name == '.')) {
      size_t length = strlen(path);
      if (length + n + 2 > PATH_MAX) return 0;
      path[length] = '/';
      memcpy(path + length + 1, name, n);
      path[length + 1 + n] = 0;
      if (below(path, "/proc") && !below(REGISTRY, path) && !below(path, REGISTRY)) return 0;
      to_machine(path, out);
      if (strcmp(path, out) != 0) result = THE_WORLDS;
      if ((follow || !last || *behind == '/') && read_link(out, link)) {
        if (++links > LINKS) return 0;
        if (strlen(link) + strlen(behind) >= sizeof todo) return 0;
        path[*link == '/' ? 0 : length] = 0;
        snprintf(rest, sizeof rest, "%s%s", link, behind);
        strcpy(todo, rest);
        continue;
      }
    }
    memmove(todo, behind, strlen(behind) + 1);
  }
  if (*path == 0) strcpy(path, "/");
  to_machine(path, out);
  if (given[strlen(given) - 1] == '/' && strlen(out) + 2 < PATH_MAX && out[1]) strcat(out, "/");
  return result;
}

/* ---- binfmt_misc ---- */

static struct {
  char name[64], interpreter[PATH_MAX], flags[8], extension[64];
  uint8_t magic[HEAD], mask[HEAD];
  int offset, size, masked;
} lines[LINES];
static int n_lines;

static int bytes_of(const char *text, uint8_t *out) {
  int n = 0;
  while (*text && n < HEAD) {
    unsigned byte;
    if (text[0] == '\\' && text[1] == 'x' && sscanf(text + 2, "%2x", &byte) == 1) text += 4;
    else byte = (uint8_t)*text++;
    out[n++] = (uint8_t)byte;
  }
  return n;
}

static int has_flag(int line, char flag) { return strchr(lines[line].flags, flag) != NULL; }

/* /proc/sys/fs/binfmt_misc/NAME, as entry_status() writes it. */
static void write_entry(int at) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/binfmt_misc/%s", world, lines[at].name);
  FILE *out = fopen(path, "w");
  check(out != NULL, path);
  fprintf(out, "enabled\ninterpreter %s\nflags: ", lines[at].interpreter);
  for (const char *flag = "POCF"; *flag; flag++) if (has_flag(at, *flag)) fputc(*flag, out);
  if (*lines[at].extension) fprintf(out, "\nextension .%s\n", lines[at].extension);
  else {
    fprintf(out, "\noffset %d\nmagic ", lines[at].offset);
    for (int i = 0; i < lines[at].size; i++) fprintf(out, "%02x", lines[at].magic[i]);
    int masked = lines[at].masked ? lines[at].size : 0;
    if (masked > 0) fprintf(out, "\nmask ");
    for (int i = 0; i < masked; i++) fprintf(out, "%02x", lines[at].mask[i]);
    fputc('\n', out);
  }
  fclose(out);
}

/* :name:type:offset:magic:mask:interpreter:flags, with any character for the colons. */
static void read_line(char *text) {
  char between[2] = {text[0], 0};
  char *field[7];
  text++;
  for (int i = 0; i < 7; i++) field[i] = text ? strsep(&text, between) : "";
  int at = n_lines++;
  check(n_lines <= LINES, "lines");
  snprintf(lines[at].name, sizeof lines[at].name, "%s", field[0]);
  snprintf(lines[at].interpreter, PATH_MAX, "%s", field[5]);
  snprintf(lines[at].flags, sizeof lines[at].flags, "%s", field[6] ? field[6] : "");
  if (*field[1] == 'E') snprintf(lines[at].extension, sizeof lines[at].extension, "%s", field[3]);
  lines[at].offset = atoi(field[2]);
  lines[at].size = *field[1] == 'E' ? 0 : bytes_of(field[3], lines[at].magic);
  memset(lines[at].mask, 0xff, HEAD);
  if (*field[4]) lines[at].masked = bytes_of(field[4], lines[at].mask) > 0;
  write_entry(at);
}

/* The newest entry that matches a file. */
static int find_line(const char *path, const uint8_t *head) {
  const char *dot = strrchr(path, '.');
  for (int at = n_lines - 1; at >= 0; at--) {
    if (*lines[at].extension) {
      if (dot && strcmp(dot + 1, lines[at].extension) == 0) return at;
      continue;
    }
    int i = 0;
    for (; i < lines[at].size; i++) {
      int place = lines[at].offset + i;
      if (place >= HEAD || ((head[place] ^ lines[at].magic[i]) & lines[at].mask[i])) break;
    }
    if (i == lines[at].size) return at;
  }
  return NONE;
}

/* ---- Processes ---- */

struct task {
  pid_t pid;
  int inside;                      /* between entry and exit of a system call */
  int changed, refused, other;     /* of this system call; `other` replaced it */
  int flags_P, descriptor;         /* of the current execve */
  uint64_t room;                   /* ROOM bytes allocated in its memory; NO_ROOM: none */
  struct user_regs_struct before;
};
static struct task tasks[4096];

static struct task *task_of(pid_t pid) {
  struct task *free = NULL;
  for (int i = 0; i < 4096; i++) {
    if (tasks[i].pid == pid) return &tasks[i];
    if (tasks[i].pid == 0 && !free) free = &tasks[i];
  }
  check(free != NULL, "tasks");
  memset(free, 0, sizeof *free);
  free->pid = pid;
  free->descriptor = NONE;
  return free;
}

/* Another user's memory is read word by word, which needs only a tracer's privileges. */
static int get(pid_t pid, uint64_t address, void *bytes, size_t size) {
  struct iovec here = {bytes, size}, there = {(void *)address, size};
  if (process_vm_readv(pid, &here, 1, &there, 1, 0) == (ssize_t)size) return 1;
  for (size_t n = 0; n < size;) {
    size_t from = (address + n) % 8, room = 8 - from < size - n ? 8 - from : size - n;
    errno = 0;
    long word = ptrace(PTRACE_PEEKDATA, pid, address + n - from, 0);
    if (errno != 0) return 0;
    memcpy((char *)bytes + n, (char *)&word + from, room);
    n += room;
  }
  return 1;
}

static int put(pid_t pid, uint64_t address, const void *bytes, size_t size) {
  struct iovec here = {(void *)bytes, size}, there = {(void *)address, size};
  if (process_vm_writev(pid, &here, 1, &there, 1, 0) == (ssize_t)size) return 1;
  for (size_t n = 0; n < size;) {
    size_t from = (address + n) % 8, room = 8 - from < size - n ? 8 - from : size - n;
    uint64_t word;
    if (!get(pid, address + n - from, &word, 8)) return 0;
    memcpy((char *)&word + from, (const char *)bytes + n, room);
    if (ptrace(PTRACE_POKEDATA, pid, address + n - from, word)) return 0;
    n += room;
  }
  return 1;
}

static int read_string(pid_t pid, uint64_t address, char *out) {
  for (size_t n = 0; n < PATH_MAX;) {
    size_t room = 64 - (address + n) % 64;
    if (room > PATH_MAX - n) room = PATH_MAX - n;
    if (!get(pid, address + n, out + n, room)) return 0;
    if (memchr(out + n, 0, room)) return 1;
    n += room;
  }
  return 0;
}


static unsigned long long *argument(struct user_regs_struct *r, int n) {
  unsigned long long *all[] = {&r->rdi, &r->rsi, &r->rdx, &r->r10, &r->r8, &r->r9};
  return all[n];
}

static const struct call { int nr, dirfd, path, what, flags; } CALLS[] = {
  {SYS_open, NONE, 0, OPENS, 1}, {SYS_openat, 0, 1, OPENS, 2},
  {SYS_creat, NONE, 0, WRITES, 0},
  {SYS_stat, NONE, 0, 0, 0}, {SYS_lstat, NONE, 0, NOFOLLOW, 0},
  {SYS_newfstatat, 0, 1, FLAGGED, 3}, {SYS_statx, 0, 1, FLAGGED, 2},
  {SYS_access, NONE, 0, 0, 0}, {SYS_faccessat, 0, 1, 0, 0}, {439, 0, 1, FLAGGED, 3},
  {SYS_chdir, NONE, 0, 0, 0}, {SYS_statfs, NONE, 0, 0, 0},
  {SYS_readlink, NONE, 0, NOFOLLOW, 0}, {SYS_readlinkat, 0, 1, NOFOLLOW, 0},
  {SYS_rename, NONE, 0, NOFOLLOW | WRITES, 0}, {SYS_rename, NONE, 1, NOFOLLOW | WRITES, 0},
  {SYS_renameat, 0, 1, NOFOLLOW | WRITES, 0}, {SYS_renameat, 2, 3, NOFOLLOW | WRITES, 0},
  {SYS_renameat2, 0, 1, NOFOLLOW | WRITES, 0}, {SYS_renameat2, 2, 3, NOFOLLOW | WRITES, 0},
  {SYS_link, NONE, 0, NOFOLLOW | WRITES, 0}, {SYS_link, NONE, 1, NOFOLLOW | WRITES, 0},
  {SYS_linkat, 0, 1, NOFOLLOW | WRITES, 0}, {SYS_linkat, 2, 3, NOFOLLOW | WRITES, 0},
  {SYS_symlink, NONE, 1, NOFOLLOW | WRITES, 0}, {SYS_symlinkat, 1, 2, NOFOLLOW | WRITES, 0},
  {SYS_mkdir, NONE, 0, NOFOLLOW | WRITES, 0}, {SYS_mkdirat, 0, 1, NOFOLLOW | WRITES, 0},
  {SYS_rmdir, NONE, 0, NOFOLLOW | WRITES, 0}, {SYS_unlink, NONE, 0, NOFOLLOW | WRITES, 0},
  {SYS_unlinkat, 0, 1, NOFOLLOW | WRITES, 0},
  {SYS_mknod, NONE, 0, NOFOLLOW | WRITES, 0}, {SYS_mknodat, 0, 1, NOFOLLOW | WRITES, 0},
  {SYS_chmod, NONE, 0, WRITES, 0}, {SYS_fchmodat, 0, 1, WRITES, 0}, {452, 0, 1, WRITES, 0},
  {SYS_chown, NONE, 0, WRITES, 0}, {SYS_lchown, NONE, 0, NOFOLLOW | WRITES, 0},
  {SYS_fchownat, 0, 1, WRITES, 0}, {SYS_truncate, NONE, 0, WRITES, 0},
  {SYS_utimensat, 0, 1, WRITES, 0}, {SYS_utimes, NONE, 0, WRITES, 0},
  {SYS_getxattr, NONE, 0, 0, 0}, {SYS_lgetxattr, NONE, 0, NOFOLLOW, 0},
  {SYS_inotify_add_watch, NONE, 1, 0, 0},
};

/* Inserts another system call before this one. */
static void make_first(struct task *t, struct user_regs_struct *r, int nr, const uint64_t *all) {
  for (int i = 0; i < 6; i++) *argument(r, i) = all[i];
  r->orig_rax = (unsigned long long)nr;
  t->other = nr;
  t->changed = 1;
}

/* Is memory for new arguments allocated? If not, allocates it first. */
static int has_room(struct task *t, struct user_regs_struct *r) {
  if (t->room != 0) return t->room != NO_ROOM;
  const uint64_t all[6] = {0, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1ull, 0};
  make_first(t, r, SYS_mmap, all);
  return 0;
}

/* Translates the paths of a system call to the machine's. */
static void at_call(struct task *t, struct user_regs_struct *r) {
  char given[PATH_MAX], path[PATH_MAX], out[PATH_MAX + 2];
  for (size_t i = 0; i < sizeof CALLS / sizeof *CALLS; i++) {
    const struct call *call = &CALLS[i];
    if (call->nr != (int)r->orig_rax) continue;
    uint64_t address = *argument(r, call->path);
    if (address == 0 || !read_string(t->pid, address, given)) continue;
    int dirfd = call->dirfd == NONE ? AT_FDCWD : (int)*argument(r, call->dirfd);
    uint64_t flags = call->what & (OPENS | FLAGGED) ? *argument(r, call->flags) : 0;
    uint64_t makes = O_CREAT | O_EXCL;
    int nofollow = call->what & NOFOLLOW || (call->what & FLAGGED && flags & AT_SYMLINK_NOFOLLOW) ||
      (call->what & OPENS && (flags & O_NOFOLLOW || (flags & makes) == makes));
    int whose = resolve(t->pid, dirfd, given, !nofollow, path, out);
    if (whose == 0) continue;
    int writes = call->what & WRITES ||
      (call->what & OPENS && (flags & O_ACCMODE) != O_RDONLY && !(flags & O_PATH));
    if (writes && (below(path, "/usr") || below(path, "/etc"))) {
      t->refused = EROFS;
      r->orig_rax = (unsigned long long)-1;
      t->changed = 1;
      return;
    }
    if (whose == THE_MACHINES) continue;
    if (!has_room(t, r)) return;
    uint64_t to = t->room + (t->changed ? 2 * PATH_MAX : 0);
    if (!put(t->pid, to, out, strlen(out) + 1)) continue;
    *argument(r, call->path) = to;
    t->changed = 1;
  }
}

/* What execve() does first: finds the file to start, and the beginning of argv. */
struct start {
  char file[PATH_MAX + 2];
  char prefix[PREFIX][PATH_MAX];
  int n_prefix, dropped;
  int opened; /* flag O */
  int keeps;  /* flag P */
  char program[PATH_MAX + 2];
};

static void drop_first(struct start *s) {
  if (s->n_prefix == 0) { s->dropped = 1; return; }
  memmove(s->prefix[0], s->prefix[1], (size_t)--s->n_prefix * PATH_MAX);
}

static void push_first(struct start *s, const char *word) {
  memmove(s->prefix[1], s->prefix[0], (size_t)s->n_prefix++ * PATH_MAX);
  snprintf(s->prefix[0], PATH_MAX, "%s", word);
}

/* Does it differ from the process's file or argv? */
static int find_start(pid_t pid, int dirfd, const char *given, struct start *s) {
  static char path[PATH_MAX], name[PATH_MAX];
  memset(s, 0, offsetof(struct start, prefix));
  s->n_prefix = s->dropped = s->opened = s->keeps = 0;
  snprintf(name, PATH_MAX, "%s", given);
  int whose = resolve(pid, dirfd, name, 1, path, s->file);
  if (whose == 0) {
    /* For the tracer, /proc/self would be its own. */
    const char *own = below(given, "/proc/self");
    if (!own) return 0;
    snprintf(s->file, PATH_MAX, "/proc/%d%s", pid, own);
  }
  for (int depth = 0; depth < 5 && s->n_prefix + 3 < PREFIX; depth++) {
    struct stat st;
    uint8_t head[HEAD] = {0};
    int file = open(s->file, O_RDONLY | O_CLOEXEC);
    if (file < 0) break;
    int whole = fstat(file, &st) == 0 && S_ISREG(st.st_mode) && st.st_mode & 0111;
    if (!whole || read(file, head, HEAD) < 0) { close(file); break; }
    close(file);
    int at = find_line(name, head);
    if (at != NONE) {
      s->keeps = has_flag(at, 'P');
      if (!s->keeps) drop_first(s);
      if (has_flag(at, 'O')) { s->opened = 1; strcpy(s->program, s->file); }
      push_first(s, name);
      snprintf(name, PATH_MAX, "%s", lines[at].interpreter);
      push_first(s, name);
    } else if (head[0] == '#' && head[1] == '!') {
      char line[HEAD];
      memcpy(line, head + 2, HEAD - 2);
      line[HEAD - 2] = 0;
      line[strcspn(line, "\n")] = 0;
      char *word = line + strspn(line, " \t");
      for (char *end = word + strlen(word); end > word && strchr(" \t", end[-1]);) *--end = 0;
      char *rest = word + strcspn(word, " \t");
      if (*rest) { *rest++ = 0; rest += strspn(rest, " \t"); }
      drop_first(s);
      push_first(s, name);
      if (*rest) push_first(s, rest);
      snprintf(name, PATH_MAX, "%s", word);
      push_first(s, name);
    } else break;
    if (!resolve(pid, AT_FDCWD, name, 1, path, s->file)) break;
  }
  return 1;
}

/* Writes a new argv; returns its address, or 0. */
static uint64_t new_argv(pid_t pid, uint64_t room, uint64_t argv, struct start *s) {
  size_t n = 0;
  uint64_t word;
  while (argv && get(pid, argv + 8 * n, &word, 8) && word) n++;
  size_t skip = s->dropped && n > 0 ? 1 : 0;
  size_t total = (size_t)s->n_prefix + n - skip + 1;
  uint64_t *words = calloc(total, 8);
  uint64_t text = room + ROOM;
  for (int i = 0; i < s->n_prefix; i++) {
    size_t size = strlen(s->prefix[i]) + 1;
    text -= size;
    if (!put(pid, text, s->prefix[i], size)) { free(words); return 0; }
    words[i] = text;
  }
  if (n > skip) get(pid, argv + 8 * skip, words + s->n_prefix, 8 * (n - skip));
  /* How many fit in the place of the old ones. */
  uint64_t at = total < MANY ? (text - 8 * total) & ~15ull
                             : argv + 8 * skip - 8 * (uint64_t)s->n_prefix;
  int done = put(pid, at, words, 8 * total);
  free(words);
  return done ? at : 0;
}

static void at_execve(struct task *t, struct user_regs_struct *r) {
  static struct start s;
  int by_fd = (int)r->orig_rax == SYS_execveat;
  int path_at = by_fd ? 1 : 0;
  char given[PATH_MAX];
  if (!read_string(t->pid, *argument(r, path_at), given)) return;
  if (!find_start(t->pid, by_fd ? (int)r->rdi : AT_FDCWD, given, &s)) return;
  if (!has_room(t, r)) return;
  if (s.opened && t->descriptor == NONE) {
    /* Flag O: open the program first. */
    const uint64_t all[6] = {t->room, O_RDONLY};
    if (!put(t->pid, t->room, s.program, strlen(s.program) + 1)) return;
    make_first(t, r, SYS_open, all);
    return;
  }
  t->flags_P = s.n_prefix > 0 && s.keeps;
  if (s.n_prefix > 0) {
    uint64_t argv = new_argv(t->pid, t->room, *argument(r, path_at + 1), &s);
    if (argv == 0) return;
    *argument(r, path_at + 1) = argv;
  }
  if (!put(t->pid, t->room, s.file, strlen(s.file) + 1)) return;
  *argument(r, path_at) = t->room;
  t->changed = 1;
}

/* Sets AT_FLAGS and AT_EXECFD in the auxiliary vector, for flags P and O. */
static void at_new_program(struct task *t) {
  struct user_regs_struct r;
  if (!t->flags_P && t->descriptor == NONE) return;
  ptrace(PTRACE_GETREGS, t->pid, 0, &r);
  uint64_t at = r.rsp, word;
  for (int ends = 0; ends < 2 && get(t->pid, at += 8, &word, 8);) if (word == 0) ends++;
  for (at += 8; get(t->pid, at, &word, 8) && word != AT_NULL; at += 16) {
    uint64_t P = t->flags_P, pair[2] = {AT_EXECFD, (uint64_t)t->descriptor};
    if (word == AT_FLAGS) put(t->pid, at + 8, &P, 8);
    /* AT_CLKTCK is replaced: nothing uses it. */
    if (word == AT_CLKTCK && t->descriptor != NONE) put(t->pid, at, pair, 16);
  }
  t->flags_P = 0;
  t->descriptor = NONE;
}

/* The name of a link or directory in the world. */
static void at_result(struct task *t, struct user_regs_struct *r) {
  int nr = (int)t->before.orig_rax;
  if ((long long)r->rax <= 0) return;
  char path[PATH_MAX];
  if (nr == SYS_getcwd) {
    if (!read_string(t->pid, t->before.rdi, path)) return;
    to_world(path);
    size_t size = strlen(path) + 1;
    if (size < r->rax && put(t->pid, t->before.rdi, path, size)) r->rax = size;
    return;
  }
  if (nr != SYS_readlink && nr != SYS_readlinkat) return;
  uint64_t buffer = nr == SYS_readlink ? t->before.rsi : t->before.rdx;
  size_t n = r->rax < PATH_MAX ? r->rax : PATH_MAX - 1;
  if (!get(t->pid, buffer, path, n)) return;
  path[n] = 0;
  char was[PATH_MAX];
  strcpy(was, path);
  to_world(path);
  size_t size = strlen(path);
  if (strcmp(was, path) == 0) return;
  size_t room = nr == SYS_readlink ? t->before.rdx : t->before.r10;
  if (size > room) size = room;
  if (put(t->pid, buffer, path, size)) r->rax = size;
}

static void at_stop(struct task *t) {
  struct user_regs_struct r;
  if (ptrace(PTRACE_GETREGS, t->pid, 0, &r)) return;
  if (!t->inside) {
    t->inside = 1;
    t->changed = t->refused = t->other = 0;
    t->before = r;
    if ((int)r.orig_rax == SYS_execve || (int)r.orig_rax == SYS_execveat) at_execve(t, &r);
    else at_call(t, &r);
    if (t->changed) ptrace(PTRACE_SETREGS, t->pid, 0, &r);
    return;
  }
  t->inside = 0;
  if (t->other) {
    int failed = (long long)r.rax < 0 && (long long)r.rax > -4096;
    struct user_regs_struct again = t->before;
    again.rip -= SYSCALL_SIZE;
    again.rax = again.orig_rax;
    again.orig_rax = (unsigned long long)-1;
    if (t->other == SYS_mmap) t->room = failed ? NO_ROOM : r.rax;
    else if (!failed) t->descriptor = (int)r.rax;
    else again.rip += SYSCALL_SIZE, again.rax = r.rax;
    ptrace(PTRACE_SETREGS, t->pid, 0, &again);
    return;
  }
  unsigned long long result = r.rax;
  at_result(t, &r);
  if (!t->changed && result == r.rax) return;
  struct user_regs_struct restored = t->before;
  restored.rax = t->refused ? (unsigned long long)-t->refused : r.rax;
  restored.rcx = r.rcx;
  restored.r11 = r.r11;
  restored.rip = r.rip;
  ptrace(PTRACE_SETREGS, t->pid, 0, &restored);
}

static void trace(void) {
  for (;;) {
    int status, signal = 0;
    pid_t pid = waitpid(-1, &status, __WALL);
    if (pid < 0) { if (errno == EINTR) continue; return; }
    if (!WIFSTOPPED(status)) {
      task_of(pid)->pid = 0;
      continue;
    }
    struct task *t = task_of(pid);
    int event = status >> 16;
    if (event == PTRACE_EVENT_STOP) {
      int sig = WSTOPSIG(status);
      if (sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU) {
        ptrace(PTRACE_LISTEN, pid, 0, 0);
        continue;
      }
    } else if (event == PTRACE_EVENT_EXEC) {
      unsigned long former = 0;
      ptrace(PTRACE_GETEVENTMSG, pid, 0, &former);
      if ((pid_t)former != pid) {
        struct task *other = task_of((pid_t)former);
        *t = *other;
        t->pid = pid;
        other->pid = 0;
      }
      at_new_program(t);
      t->room = 0;
      t->changed = 0;
    } else if (event == 0) {
      if (WSTOPSIG(status) == (SIGTRAP | 0x80)) at_stop(t);
      else signal = WSTOPSIG(status);
    }
    ptrace(PTRACE_SYSCALL, pid, 0, signal);
  }
}

static void read_world(void) {
  char path[PATH_MAX], text[2 * PATH_MAX];
  snprintf(path, sizeof path, "%s/binds", world);
  FILE *in = fopen(path, "r");
  check(in != NULL, path);
  while (fgets(text, sizeof text, in)) {
    text[strcspn(text, "\n")] = 0;
    char *tab = strchr(text, '\t');
    check(tab && n_binds < BINDS, "binds");
    *tab = 0;
    check(realpath(text, binds[n_binds].source) != NULL, text);
    snprintf(binds[n_binds++].target, PATH_MAX, "%s", tab + 1);
  }
  fclose(in);
  snprintf(path, sizeof path, "%s/binfmt_misc", world);
  mkdir(path, 0755);
  for (int i = 0; i < 2; i++) {
    snprintf(path, sizeof path, "%s/binfmt_misc/%s", world, i ? "register" : "status");
    FILE *out = fopen(path, "w");
    check(out != NULL, path);
    if (!i) fputs("enabled\n", out);
    fclose(out);
  }
  snprintf(path, sizeof path, "%s/lines", world);
  check((in = fopen(path, "r")) != NULL, path);
  while (fgets(text, sizeof text, in)) {
    text[strcspn(text, "\n")] = 0;
    read_line(text);
  }
  fclose(in);
}

/* Exits with the command's status. */
static void end_by(int status) {
  if (!WIFSIGNALED(status)) _exit(WEXITSTATUS(status));
  prctl(PR_SET_DUMPABLE, 0);
  signal(WTERMSIG(status), SIG_DFL);
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_UNBLOCK, &all, NULL);
  kill(getpid(), WTERMSIG(status));
  _exit(128 + WTERMSIG(status));
}

int main(int argc, char **argv) {
  check(argc > 3, "usage");
  world = argv[1];
  read_world();
  int go[2];
  check(pipe2(go, O_CLOEXEC) == 0, "pipe");
  pid_t first = fork();
  check(first >= 0, "fork");
  if (first == 0) {
    char byte, directory[PATH_MAX + 2], path[PATH_MAX];
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
    check(read(go[0], &byte, 1) == 1, "read");
    if (resolve(getpid(), AT_FDCWD, argv[2], 1, path, directory))
      check(chdir(directory) == 0, directory);
    execvp(argv[3], argv + 3);
    perror(argv[3]);
    _exit(127);
  }
  /* The tracer lives until all processes have exited; nothing waits for it. */
  pid_t tracer = fork();
  check(tracer >= 0, "fork");
  if (tracer == 0) {
    long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK |
      PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
    for (int n = 1; n < 32; n++) if (n != SIGCHLD) signal(n, SIG_IGN);
    check(ptrace(PTRACE_SEIZE, first, 0, options) == 0, "ptrace");
    int nothing = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++) dup2(nothing, fd);
    ptrace(PTRACE_INTERRUPT, first, 0, 0);
    check(write(go[1], "", 1) == 1, "write");
    trace();
    _exit(0);
  }
  close(go[0]);
  close(go[1]);
  int status;
  waitpid(first, &status, 0);
  end_by(status);
}
