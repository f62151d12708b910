/*
 * Starts a program repeatedly, and makes a system call of the handler fail, or changes something at
 * it: `injector [-t | -s | -p] PROGRAM ARGUMENTS…`, in a namespace where binfmt_misc gives the
 * program to the handler. With -t its standard input and error are a terminal, in whose foreground
 * it is; with -s it is user 1000's, and its effective user is root; with -p its standard streams
 * are pipes, and its input is a line. Each line of standard input is an order, which is answered:
 *
 *     ACTION PROCESS NUMBER OCCURRENCE VALUE TEXT
 *     status signal hit left, and the sizes of what follows: stdout, stderr, the calls
 *
 * PROCESS is 0 for the program's own; its children are numbered in the order of their creation. A
 * process that executes something else is no longer traced. ACTIONs:
 *
 *     nothing
 *     errno    returns -VALUE instead of the call; always: also for all later calls of its number
 *     kill     kills the process instead of the call; killed: right after it
 *     do       runs /bin/sh -c TEXT before the call
 *     clock    adds VALUE seconds to the result of every clock_gettime
 *
 * A program that takes too long is killed, and its status is HUNG. Processes that are left a moment
 * after its end are counted and killed.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_S = 90, GRACE_MS = 3000, UNTOLD_MS = 50, HUNG = 999 };
enum { PROCESSES = 64, NUMBERS = 512 };

struct order {
  char action[16];
  int process, number, occurrence;
  long value;
  char text[4096];
};

struct process {
  pid_t pid;
  int name;     /* -1: its parent's event is still to come */
  int held;     /* it waits for that event */
  int counting; /* it is the handler */
  int counts[NUMBERS];
  int number; /* of its current call */
  int fails;  /* the errno of that call, or 0 */
  int dies;   /* it is killed after that call */
  uint64_t second; /* argument of that call */
};

static struct process processes[PROCESSES];
static int n_processes, births, hit;
static char calls[1 << 20];
static size_t calls_size;
static volatile sig_atomic_t is_late;
static volatile pid_t main_pid;
/* The terminal's two ends, or -1. */
static int screen = -1, terminal = -1;
static int is_secure, is_piped;

/* A pipe that a thread reads. */
struct reading {
  pthread_t thread;
  int ends[2];
  char text[1 << 16];
  size_t length;
};
static struct reading output, errors;

static void check(int good, const char *what) {
  if (good) return;
  perror(what);
  exit(99);
}

/* Did it succeed? The process may have been killed by its parent's end. */
static int done(long result, const char *what) {
  check(result >= 0 || errno == ESRCH, what);
  return result >= 0;
}

static void on_alarm(int signal) {
  (void)signal;
  is_late = 1;
  if (main_pid > 0) kill(main_pid, SIGKILL);
}

static struct process *find(pid_t pid) {
  for (int i = 0; i < n_processes; i++)
    if (processes[i].pid == pid) return &processes[i];
  check(n_processes < PROCESSES, "too many processes");
  struct process *new = &processes[n_processes++];
  memset(new, 0, sizeof *new);
  new->pid = pid;
  new->name = -1;
  return new;
}

/* Skips the call that is being entered. */
static void skip(pid_t pid) {
#if defined __x86_64__
  struct user_regs_struct registers;
  if (!done(ptrace(PTRACE_GETREGS, pid, 0, &registers), "PTRACE_GETREGS")) return;
  registers.orig_rax = (unsigned long long)-1;
  done(ptrace(PTRACE_SETREGS, pid, 0, &registers), "PTRACE_SETREGS");
#elif defined __aarch64__
  int none = -1;
  struct iovec part = {&none, sizeof none};
  done(ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &part), "PTRACE_SETREGSET");
#endif
}

/* Sets the result of the call that is being left. */
static void give(pid_t pid, long result) {
#if defined __x86_64__
  struct user_regs_struct registers;
  if (!done(ptrace(PTRACE_GETREGS, pid, 0, &registers), "PTRACE_GETREGS")) return;
  registers.rax = (unsigned long long)result;
  done(ptrace(PTRACE_SETREGS, pid, 0, &registers), "PTRACE_SETREGS");
#elif defined __aarch64__
  struct user_regs_struct registers;
  struct iovec part = {&registers, sizeof registers};
  if (!done(ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &part), "PTRACE_GETREGSET")) return;
  registers.regs[0] = (unsigned long long)result;
  done(ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &part), "PTRACE_SETREGSET");
#endif
}

static void add_to_clock(struct process *p, long seconds) {
  struct timespec time;
  struct iovec here = {&time, sizeof time}, there = {(void *)p->second, sizeof time};
  if (!done(process_vm_readv(p->pid, &here, 1, &there, 1, 0), "process_vm_readv")) return;
  time.tv_sec += seconds;
  done(process_vm_writev(p->pid, &here, 1, &there, 1, 0), "process_vm_writev");
}

static void run_shell(const char *text) {
  pid_t shell = fork();
  check(shell >= 0, "fork");
  if (shell == 0) {
    execl("/bin/sh", "sh", "-c", text, (char *)NULL);
    _exit(99);
  }
  int status;
  check(waitpid(shell, &status, 0) == shell && status == 0, text);
}

static void enter(struct process *p, const struct order *order) {
  struct __ptrace_syscall_info info;
  long size = ptrace(PTRACE_GET_SYSCALL_INFO, p->pid, sizeof info, &info);
  if (!done(size, "PTRACE_GET_SYSCALL_INFO")) return;
  if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
    if (p->fails != 0) give(p->pid, -p->fails);
    if (p->dies) kill(p->pid, SIGKILL);
    if (p->number == SYS_clock_gettime && strcmp(order->action, "clock") == 0 && p->second != 0) {
      add_to_clock(p, order->value);
      hit = 1;
    }
    p->fails = p->dies = p->number = 0;
    return;
  }
  if (info.op != PTRACE_SYSCALL_INFO_ENTRY || info.entry.nr >= NUMBERS) return;
  /* A call that the tracer's stop interrupted continues. */
  if (info.entry.nr == SYS_restart_syscall) return;
  int number = (int)info.entry.nr, occurrence = ++p->counts[number];
  p->number = number;
  p->second = info.entry.args[1];
  /* Endless polling is a hang as well. */
  if (calls_size > sizeof calls - 32) on_alarm(SIGALRM);
  else calls_size += (size_t)sprintf(calls + calls_size, "%d %d\n", p->name, number);
  int is_here = order->process == p->name && order->number == number &&
                order->occurrence == occurrence;
  int is_later = hit && order->number == number && strcmp(order->action, "always") == 0;
  if (!is_here && !is_later) return;
  hit = 1;
  if (strcmp(order->action, "errno") == 0 || strcmp(order->action, "always") == 0) {
    skip(p->pid);
    p->fails = (int)order->value;
  } else if (strcmp(order->action, "kill") == 0) {
    kill(p->pid, SIGKILL);
  } else if (strcmp(order->action, "killed") == 0) {
    p->dies = 1;
  } else if (strcmp(order->action, "do") == 0) {
    run_shell(order->text);
  }
}

/* Opens a terminal whose session leader is this process, so that it outlives each program. */
static void open_terminal(void) {
  struct termios raw;
  screen = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  check(screen >= 0 && grantpt(screen) == 0 && unlockpt(screen) == 0, "posix_openpt");
  check(setsid() >= 0, "setsid");
  terminal = open(ptsname(screen), O_RDWR | O_CLOEXEC);
  check(terminal >= 0 && tcgetattr(terminal, &raw) == 0, "terminal");
  cfmakeraw(&raw);
  check(tcsetattr(terminal, TCSANOW, &raw) == 0, "tcsetattr");
}

/* Works from the background, too. */
static void come_to_the_front(void) {
  sigset_t stop, old;
  sigemptyset(&stop), sigaddset(&stop, SIGTTOU);
  sigprocmask(SIG_BLOCK, &stop, &old);
  check(setpgid(0, 0) == 0 && tcsetpgrp(terminal, getpid()) == 0, "tcsetpgrp");
  sigprocmask(SIG_SETMASK, &old, NULL);
}

static void *read_all(void *argument) {
  struct reading *it = argument;
  ssize_t more;
  while ((more = read(it->ends[0], it->text + it->length, sizeof it->text - it->length)) > 0)
    it->length += (size_t)more;
  return NULL;
}

static void open_pipe(struct reading *it) {
  check(pipe2(it->ends, O_CLOEXEC) == 0, "pipe2");
  it->length = 0;
}

/* Only the program keeps the other end. */
static void begin_reading(struct reading *it) {
  close(it->ends[1]);
  check(pthread_create(&it->thread, NULL, read_all, it) == 0, "pthread_create");
}

static size_t end_reading(struct reading *it, char *text) {
  check(pthread_join(it->thread, NULL) == 0, "pthread_join");
  close(it->ends[0]);
  memcpy(text, it->text, it->length);
  return it->length;
}

static void become(char **argv) {
  int flags = O_RDWR | O_CREAT | O_TRUNC, nothing = open("/dev/null", O_RDONLY);
  int out = open("/run/out", flags, 0600), err = open("/run/err", flags, 0600);
  check(nothing >= 0 && out >= 0 && err >= 0, "open");
  if (terminal >= 0) {
    come_to_the_front();
    nothing = err = terminal;
  }
  int input[2];
  if (is_piped) {
    check(pipe(input) == 0 && write(input[1], "line\n", 5) == 5, "pipe");
    nothing = input[0], out = output.ends[1], err = errors.ends[1];
  }
  dup2(nothing, 0), dup2(out, 1), dup2(err, 2);
  syscall(SYS_close_range, 3, ~0U, 0);
  /* This keeps the handler from an offer to install something. */
  if (screen < 0 && !is_secure) prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (is_secure) check(setresuid(1000, 0, 0) == 0, "setresuid");
  ptrace(PTRACE_TRACEME, 0, 0, 0);
  raise(SIGSTOP);
  execv(argv[0], argv);
  _exit(98);
}

/* Continues a process, or detaches one that has executed something else. */
static void go_on(struct process *p, int status) {
  int event = status >> 16, signal = WSTOPSIG(status);
  unsigned long born;
  if (event == PTRACE_EVENT_EXEC) {
    p->counting = p->pid == main_pid && !p->counting;
    if (!p->counting) {
      ptrace(PTRACE_DETACH, p->pid, 0, 0);
      return;
    }
  } else if (event != 0 && ptrace(PTRACE_GETEVENTMSG, p->pid, 0, &born) == 0) {
    struct process *child = find((pid_t)born);
    child->name = births++;
    child->counting = 1;
    if (child->held) ptrace(PTRACE_SYSCALL, child->pid, 0, 0);
  } else if (p->name < 0) {
    p->held = 1;
    return;
  }
  if (event != 0 || signal == SIGSTOP || signal == (SIGTRAP | 0x80)) signal = 0;
  ptrace(PTRACE_SYSCALL, p->pid, 0, (void *)(long)signal);
}

/* Kills the remaining processes; returns their number. */
static int end_the_rest(void) {
  int left = 0;
  char pids[4096];
  for (;;) {
    FILE *file = fopen("/proc/thread-self/children", "r");
    check(file != NULL, "children");
    size_t size = fread(pids, 1, sizeof pids - 1, file);
    fclose(file);
    pids[size] = 0;
    if (size == 0) return left;
    for (char *at = pids, *end; *at != 0; at = end + strspn(end, " ")) {
      long pid = strtol(at, &end, 10);
      if (end == at) break;
      kill((pid_t)pid, SIGKILL);
    }
    while (waitpid(-1, NULL, __WALL) > 0) left++;
  }
}

/* Continues processes whose parents were killed before their events. */
static void release_untold(void) {
  for (int i = 0; i < n_processes; i++)
    if (processes[i].name < 0 && processes[i].held) ptrace(PTRACE_CONT, processes[i].pid, 0, 0);
}

/* Returns the program's wait status, and the number of processes that were left. */
static int follow(const struct order *order, int *left) {
  int status, ended = 0, outcome = 0;
  check(waitpid(main_pid, &status, 0) == main_pid && WIFSTOPPED(status), "waitpid");
  long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK |
                 PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
  check(ptrace(PTRACE_SETOPTIONS, main_pid, 0, (void *)options) == 0, "PTRACE_SETOPTIONS");
  find(main_pid)->name = births++;
  ptrace(PTRACE_SYSCALL, main_pid, 0, 0);
  is_late = 0;
  alarm(PATIENCE_S);
  for (int waited = 0; !ended || waited < GRACE_MS;) {
    pid_t pid = waitpid(-1, &status, ended ? __WALL | WNOHANG : __WALL);
    if (pid < 0 && errno == EINTR) continue;
    if (pid < 0) break;
    if (pid == 0) {
      usleep(1000);
      if (++waited == UNTOLD_MS) release_untold();
    } else if (!WIFSTOPPED(status)) {
      if (pid == main_pid) {
        ended = 1;
        alarm(0);
        outcome = status;
      }
    } else {
      struct process *p = find(pid);
      if (WSTOPSIG(status) == (SIGTRAP | 0x80) && p->counting) enter(p, order);
      go_on(p, status);
    }
  }
  *left = end_the_rest();
  return outcome;
}

/* Reads the terminal's output so far. */
static size_t read_screen(char *text, size_t size) {
  struct pollfd shown = {.fd = screen, .events = POLLIN};
  size_t length = 0;
  while (length < size && poll(&shown, 1, UNTOLD_MS) > 0) {
    ssize_t more = read(screen, text + length, size - length);
    check(more > 0, "read");
    length += (size_t)more;
  }
  return length;
}

static void run(const struct order *order, char **argv) {
  n_processes = births = hit = 0;
  calls_size = 0;
  if (is_piped) open_pipe(&output), open_pipe(&errors);
  main_pid = fork();
  check(main_pid >= 0, "fork");
  if (main_pid == 0) become(argv);
  if (is_piped) begin_reading(&output), begin_reading(&errors);
  int left = 0, status = follow(order, &left);
  main_pid = 0;
  int code = is_late ? HUNG : WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  static char out[1 << 16], err[1 << 16];
  size_t sizes[2] = {0, 0};
  for (int i = 0; i < 2; i++) {
    FILE *file = fopen(i == 0 ? "/run/out" : "/run/err", "r");
    check(file != NULL, "/run");
    sizes[i] = fread(i == 0 ? out : err, 1, sizeof out, file);
    fclose(file);
  }
  if (is_piped) sizes[0] = end_reading(&output, out), sizes[1] = end_reading(&errors, err);
  if (screen >= 0) sizes[1] = read_screen(err, sizeof err);
  printf("%d %d %d %d %zu %zu %zu\n", code, signal, hit, left, sizes[0], sizes[1], calls_size);
  fwrite(out, 1, sizes[0], stdout);
  fwrite(err, 1, sizes[1], stdout);
  fwrite(calls, 1, calls_size, stdout);
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "-t") == 0) open_terminal();
  is_secure = argc > 1 && strcmp(argv[1], "-s") == 0;
  is_piped = argc > 1 && strcmp(argv[1], "-p") == 0;
  if (is_secure || is_piped || screen >= 0) argc--, argv++;
  check(argc > 1, "injector [-t | -s | -p] PROGRAM ARGUMENTS");
  struct sigaction action = {.sa_handler = on_alarm};
  check(sigaction(SIGALRM, &action, NULL) == 0, "sigaction");
  check(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0, "prctl");
  char line[8192];
  while (fgets(line, sizeof line, stdin) != NULL) {
    struct order order = {.text = ""};
    int read = sscanf(line, "%15s %d %d %d %ld %4095[^\n]", order.action, &order.process,
                      &order.number, &order.occurrence, &order.value, order.text);
    check(read >= 5, line);
    run(&order, argv + 1);
  }
  return 0;
}
