/*
 * Times how long programs take from start to end:
 *
 *     spawn_timer ROUNDS [--touch FILE] [--wait MS] FILE ARG... -- [--touch FILE] ...
 *
 * --touch adds an empty line to a file before each start, --wait lets time pass then; neither is
 * timed.
 *
 * One round starts each command once, in a newly shuffled order, so that what disturbs the machine,
 * and what one command leaves in its caches, disturbs all of them alike. Prints two lines per
 * command, in nanoseconds and in the order they were taken: the times that passed, and the CPU
 * times, user's and system's, of the command and of the children that it waited for. A command that
 * cannot be started or does not end with status 0 ends the measurement with status 1.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_COMMANDS = 64, MAX_ROUNDS = 1000000 };

extern char **environ;

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* Nanoseconds. */
struct timed {
  int64_t passed, cpu;
};

/* 0 on failure. */
static int time_once(char **argv, posix_spawn_file_actions_t *quiet, struct timed *timed) {
  pid_t child;
  int status;
  struct rusage used;
  int64_t begun = now();
  if (posix_spawn(&child, argv[0], quiet, NULL, argv, environ) != 0) return 0;
  if (wait4(child, &status, 0, &used) != child) return 0;
  timed->passed = now() - begun;
  timed->cpu = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * INT64_C(1000000000) +
               (used.ru_utime.tv_usec + used.ru_stime.tv_usec) * INT64_C(1000);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

struct command {
  char **argv;
  const char *touch;
  long wait_ms;
};

/* Removes a command's options; 0 if they are invalid. */
static int read_options(struct command *command, char **argv) {
  for (; argv[0] != NULL && argv[1] != NULL; argv += 2) {
    if (strcmp(argv[0], "--touch") == 0) command->touch = argv[1];
    else if (strcmp(argv[0], "--wait") == 0) command->wait_ms = strtol(argv[1], NULL, 10);
    else break;
  }
  command->argv = argv;
  return argv[0] != NULL;
}

/* What to do before a start. */
static int prepare(const struct command *command) {
  if (command->touch != NULL) {
    int fd = open(command->touch, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (fd < 0 || write(fd, "\n", 1) != 1 || close(fd) != 0) return -1;
  }
  struct timespec pause = {command->wait_ms / 1000, command->wait_ms % 1000 * 1000000};
  return nanosleep(&pause, NULL);
}

/* Fisher-Yates with xorshift64 (Marsaglia, 2003): the same order in each run. */
static void shuffle(int *order, int n) {
  static uint64_t state = 88172645463325252;
  for (int i = n - 1; i > 0; i--) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    int j = (int)(state % (uint64_t)(i + 1));
    int kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
}

int main(int argc, char **argv) {
  long rounds = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
  if (rounds < 1 || rounds > MAX_ROUNDS) {
    fprintf(stderr, "usage: spawn_timer ROUNDS [--touch FILE] [--wait MS] FILE ARG... [-- ...]\n");
    return 2;
  }

  static struct command commands[MAX_COMMANDS];
  int n = 0;
  for (int first = 2, i = 2; i <= argc; i++) {
    if (i < argc && strcmp(argv[i], "--") != 0) continue;
    argv[i] = NULL;
    if (n == MAX_COMMANDS || !read_options(&commands[n++], &argv[first])) return 2;
    first = i + 1;
  }

  struct timed *times = calloc((size_t)n * (size_t)rounds, sizeof *times);
  posix_spawn_file_actions_t quiet;
  if (times == NULL || posix_spawn_file_actions_init(&quiet) != 0) return 1;
  for (int fd = 0; fd < 2; fd++)
    posix_spawn_file_actions_addopen(&quiet, fd, "/dev/null", O_RDWR, 0);

  int order[MAX_COMMANDS];
  for (int i = 0; i < n; i++) order[i] = i;

  /* Round -1 warms up the caches and does not count. */
  for (long round = -1; round < rounds; round++) {
    shuffle(order, n);
    for (int turn = 0; turn < n; turn++) {
      int i = order[turn];
      struct timed time;
      if (prepare(&commands[i]) != 0 || !time_once(commands[i].argv, &quiet, &time)) {
        fprintf(stderr, "spawn_timer: Cannot run %s to its end\n", commands[i].argv[0]);
        return 1;
      }
      if (round >= 0) times[i * rounds + round] = time;
    }
  }

  for (int i = 0; i < n; i++)
    for (int cpu = 0; cpu < 2; cpu++)
      for (long round = 0; round < rounds; round++) {
        struct timed *time = &times[i * rounds + round];
        int64_t printed = cpu ? time->cpu : time->passed;
        printf("%lld%c", (long long)printed, round + 1 < rounds ? ' ' : '\n');
      }
  return 0;
}
