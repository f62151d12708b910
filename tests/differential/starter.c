/*
 * Starts programs as ordered on stdin, one after another, and reports on stdout how each ended.
 * Deno cannot choose a child's descriptors, its signal mask or its argv[0].
 *
 * Both sides run on one machine, so numbers are sent as they are in memory. Strings end with zeros.
 *
 *     struct order, then size bytes: working directory, file, argv…, environment…
 *     struct outcome, then size bytes: path, argv… and environment… of the last execve, if watched
 *
 * An order with FURNISH starts nothing: its strings are only argv…, three for each change of the
 * files: remove, mkdir, share, unshare, link, symlink or listen; the path; the target. Only one
 * socket listens at a time, and it accepts every connection.
 *
 * What the program writes to standard error, or to the terminal, is in /said afterwards. A program
 * that does not end is killed by SIGALRM.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pty.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { TERMINAL = 1, WATCHED = 2, FURNISH = 4 };
enum { PATIENCE_S = 20, DESCRIPTORS = 16, OWN = 100, FAILED = 99 };
enum { EXECVE_SIZE = 1 << 20, PAGE = 4096 };

struct order {
  uint32_t size, n_argv, n_env, flags;
  uint32_t open; /* bit n: descriptor n is open */
  uint32_t umask;
  uint64_t blocked, ignored, pending; /* bit n: signal n + 1 */
};

struct outcome {
  uint32_t status, size, n_argv;
};

/* The arguments of a watched program's execve. */
static char execve_strings[EXECVE_SIZE];

static int master, slave; /* of a terminal */
static int server = -1;

static void check(int good, const char *what) {
  if (good) return;
  perror(what);
  exit(FAILED);
}

/* 0 at the end of the input. */
static int take(int from, void *to, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t n = read(from, (char *)to + done, size - done);
    if (n == 0 && done == 0) return 0;
    check(n > 0, "read");
    done += (size_t)n;
  }
  return 1;
}

static void give(int to, const void *from, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t n = write(to, (const char *)from + done, size - done);
    check(n > 0, "write");
    done += (size_t)n;
  }
}

/* Moves a descriptor out of the way of a child's, and closes it in the child. */
static int keep(int descriptor) {
  int kept = fcntl(descriptor, F_DUPFD_CLOEXEC, OWN);
  check(kept >= 0, "fcntl");
  close(descriptor);
  return kept;
}

static int listen_at(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  check(strlen(path) < sizeof address.sun_path, path);
  strcpy(address.sun_path, path);
  if (server >= 0) close(server);
  server = keep(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0));
  if (bind(server, (struct sockaddr *)&address, sizeof address) != 0) return -1;
  return listen(server, 64);
}

static void accept_all(void) {
  for (int guest; server >= 0 && (guest = accept(server, NULL, NULL)) >= 0;) close(guest);
}

static void furnish(const struct order *order, char *strings) {
  for (uint32_t i = 0; i + 3 <= order->n_argv; i += 3) {
    char *path = strings + strlen(strings) + 1, *to = path + strlen(path) + 1;
    int done = strcmp(strings, "remove") == 0 ? remove(path)
               : strcmp(strings, "mkdir") == 0  ? mkdir(path, 0755)
               : strcmp(strings, "share") == 0  ? chmod(path, 0777)
               : strcmp(strings, "unshare") == 0 ? chmod(path, 0755)
               : strcmp(strings, "listen") == 0 ? listen_at(path)
               : strcmp(strings, "link") == 0   ? link(to, path)
                                                : symlink(to, path);
    check(done == 0, path);
    strings = to + strlen(to) + 1;
  }
}

static void place(int at, const char *path, int flags) {
  int opened = open(path, flags, 0600);
  check(opened >= 0, path);
  if (opened == at) return;
  check(dup2(opened, at) == at, "dup2");
  close(opened);
}

static void set_descriptors(const struct order *order) {
  for (int at = 0; at < DESCRIPTORS; at++) {
    if ((order->open >> at & 1) == 0)
      close(at);
    else if (at <= 2 && (order->flags & TERMINAL))
      check(dup2(slave, at) == at, "dup2");
    else if (at == 2)
      place(at, "/said", O_WRONLY);
    else
      place(at, at < 2 ? "/dev/null" : "/dev/zero", O_RDWR);
  }
}

/* By system calls: the C library keeps signals 32 and 33 to itself. */
static void set_signals(const struct order *order) {
  for (int n = 1; n <= 64; n++) {
    uint64_t action[4] = {order->ignored >> (n - 1) & 1 ? (uint64_t)SIG_IGN : (uint64_t)SIG_DFL};
    if (n == SIGKILL || n == SIGSTOP) continue;
    check(syscall(SYS_rt_sigaction, n, action, NULL, 8) == 0, "rt_sigaction");
  }
  check(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &order->blocked, NULL, 8) == 0, "rt_sigprocmask");
  for (int n = 1; n <= 64; n++)
    if (order->pending >> (n - 1) & 1) check(kill(getpid(), n) == 0, "kill");
}

/* Stops for the tracer at each execve. */
static void watch_execve(void) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execveat, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "prctl");
  check(ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0, "ptrace");
  raise(SIGSTOP);
  check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0, "seccomp");
}

static void become(const struct order *order, char *strings) {
  char **pointers = calloc(order->n_argv + order->n_env + 2, sizeof *pointers);
  check(pointers != NULL, "calloc");
  char *cwd = strings, *file = cwd + strlen(cwd) + 1;
  char *next = file + strlen(file) + 1;
  char **argv = pointers, **env = pointers + order->n_argv + 1;
  for (uint32_t i = 0; i < order->n_argv; i++, next += strlen(next) + 1) argv[i] = next;
  for (uint32_t i = 0; i < order->n_env; i++, next += strlen(next) + 1) env[i] = next;
  check(chdir(cwd) == 0, cwd);
  alarm(PATIENCE_S);
  set_descriptors(order);
  umask(order->umask);
  if (order->flags & WATCHED) watch_execve();
  set_signals(order);
  execve(file, argv, env);
  check(0, file);
}

/* Reads the child's memory up to the end of a page; returns 0 if none is mapped there. */
static size_t peek(pid_t child, uint64_t from, void *to, size_t size) {
  size_t rest = PAGE - from % PAGE;
  struct iovec local = {to, size < rest ? size : rest}, remote = {(void *)from, local.iov_len};
  ssize_t n = process_vm_readv(child, &local, 1, &remote, 1, 0);
  return n < 0 ? 0 : (size_t)n;
}

static void add_string(pid_t child, uint64_t from, struct outcome *outcome) {
  for (char *end = NULL; end == NULL;) {
    char *to = execve_strings + outcome->size;
    size_t n = peek(child, from, to, EXECVE_SIZE - outcome->size);
    check(n > 0, "execve's strings");
    end = memchr(to, 0, n);
    outcome->size += (uint32_t)(end == NULL ? n : (size_t)(end - to) + 1);
    from += n;
  }
}

/* Returns how many there are. */
static uint32_t add_strings(pid_t child, uint64_t addresses, struct outcome *outcome) {
  for (uint32_t n = 0;; n++, addresses += sizeof(uint64_t)) {
    uint64_t from;
    check(peek(child, addresses, &from, sizeof from) == sizeof from, "execve's addresses");
    if (from == 0) return n;
    add_string(child, from, outcome);
  }
}

/* The first execve is the starter's own. The second one is recorded, and the child is killed. */
static int watch(pid_t child, struct outcome *outcome) {
  int status, seen = 0;
  check(waitpid(child, &status, 0) == child && WIFSTOPPED(status), "waitpid");
  long options = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
  check(ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)options) == 0, "ptrace");
  for (;;) {
    int event = status >> 16, signal = event != 0 ? 0 : WSTOPSIG(status);
    if (event == PTRACE_EVENT_SECCOMP && seen++ > 0) {
      struct __ptrace_syscall_info info;
      check(ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info) > 0, "ptrace");
      int first = info.seccomp.nr == SYS_execveat ? 1 : 0;
      add_string(child, info.seccomp.args[first], outcome);
      outcome->n_argv = add_strings(child, info.seccomp.args[first + 1], outcome);
      add_strings(child, info.seccomp.args[first + 2], outcome);
      kill(child, SIGKILL);
    }
    if (signal == SIGSTOP) signal = 0;
    ptrace(PTRACE_CONT, child, NULL, (void *)(long)signal);
    check(waitpid(child, &status, 0) == child, "waitpid");
    if (!WIFSTOPPED(status)) return status;
  }
}

/* Copies what was written to the terminal to /said. */
static void drain_terminal(void) {
  char text[4096];
  int said = open("/said", O_WRONLY | O_TRUNC);
  check(said >= 0, "/said");
  for (ssize_t n; (n = read(master, text, sizeof text)) > 0;)
    check(write(said, text, (size_t)n) == n, "write");
  close(said);
}

int main(void) {
  int in = keep(0), out = keep(1);
  struct termios raw;
  check(openpty(&master, &slave, NULL, NULL, NULL) == 0, "openpty");
  check(tcgetattr(slave, &raw) == 0, "tcgetattr");
  cfmakeraw(&raw);
  check(tcsetattr(slave, TCSANOW, &raw) == 0, "tcsetattr");
  master = keep(master), slave = keep(slave);
  check(fcntl(master, F_SETFL, O_NONBLOCK) == 0, "fcntl");

  // Then the handler does not offer an installation, which would leave files.
  check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "prctl");
  struct order order;
  while (take(in, &order, sizeof order)) {
    char *strings = malloc(order.size + 1);
    check(strings != NULL && take(in, strings, order.size), "order");
    struct outcome outcome = {0, 0, 0};
    if (order.flags & FURNISH) {
      furnish(&order, strings);
      give(out, &outcome, sizeof outcome);
      free(strings);
      continue;
    }
    int said = open("/said", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    check(said >= 0, "/said");
    close(said);
    accept_all();
    pid_t child = fork();
    check(child >= 0, "fork");
    if (child == 0) become(&order, strings);
    int status;
    if (order.flags & WATCHED)
      status = watch(child, &outcome);
    else
      check(waitpid(child, &status, 0) == child, "waitpid");
    if (order.flags & TERMINAL) drain_terminal();
    outcome.status = (uint32_t)status;
    give(out, &outcome, sizeof outcome);
    give(out, execve_strings, outcome.size);
    free(strings);
  }
  return 0;
}
