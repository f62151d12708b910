/*
 * Starts a foreign program repeatedly as three people at once, while its configuration, its
 * interpreters and the tables change: `load PROGRAM STARTS SECONDS SEED [TABLE]`, as root of a
 * namespace with users. It ends after this many starts or seconds (0: no limit) and prints counters
 * to stdout. It prints each wrong start to stderr, and then its exit status is 1.
 *
 * Each start has random arguments. Its interpreter must be one that the layers and the existing
 * interpreters chose at some moment between its beginning and its end. A message that there is none
 * is right only if an interpreter was added or removed in that time.
 *
 * With the name of the system's table, mallory is hostile: she keeps exchanging her files and tries
 * to replace others, and root starts a program behind a link of hers, in a directory of hers, with
 * her HOME and XDG_*.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TABLES "/run/binfmt-dispatcher"
#define ADMIN "/etc/binfmt-dispatcher.toml"
#define USERS "/.config/binfmt-dispatcher/binfmt-dispatcher.toml"
#define BIN "/run/bin/"

enum { NAMES = 4, PEOPLE = 3, HISTORY = 1 << 16, PATIENCE_S = 40, SIZE = 1 << 16, MALLORY = 1002 };
enum { NO_LAYER = -1 };

/* The first one always exists and is the last choice of each layer. */
static const char *const names[NAMES] = {"base", "anna", "bert", "carl"};
static const struct {
  const char *name;
  uid_t uid;
  const char *home;
} people[PEOPLE] = {{"root", 0, "/root"},
                    {"alice", 1000, "/run/homes/1000"},
                    {"bob", 1001, "/run/homes/1001"}};
static const char mallory[] = "/run/homes/1002";

/* The choices of the administrator's, alice's and bob's layers, and the existing interpreters. */
struct state {
  int8_t layer[PEOPLE];
  uint8_t there[NAMES];
};

static struct shared {
  atomic_ulong epoch; /* odd during a change from one state of the history to the next */
  atomic_int ends;
  struct state history[HISTORY];
  atomic_ulong changes, starts[PEOPLE], words, last, wrong, tricks, broken;
} *shared;

static const char *program;
static int is_hostile;
static char table[64];
static uint64_t seed;

static void check(int good, const char *what) {
  if (good) return;
  perror(what);
  exit(99);
}

/* xorshift64: https://www.jstatsoft.org/article/view/v008i14 */
static unsigned below(unsigned n) {
  seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
  return (unsigned)(seed >> 32) % n;
}

static void write_file(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  check(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text), path);
  close(file);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at) {
  (void)status, (void)type, (void)at;
  return remove(path) != 0 && errno != ENOENT && errno != ENOTEMPTY;
}

static void remove_tree(const char *path) { nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS); }

/* Changes. */

static struct state begin_change(void) {
  unsigned long epoch = atomic_load(&shared->epoch);
  return shared->history[epoch / 2 % HISTORY];
}

/* From now on a start may see either state. */
static void announce(struct state next) {
  unsigned long epoch = atomic_load(&shared->epoch);
  shared->history[(epoch / 2 + 1) % HISTORY] = next;
  atomic_store(&shared->epoch, epoch + 1);
}

static void end_change(void) { atomic_fetch_add(&shared->epoch, 1); }

static void layer_path(int person, char *path, const char *end) {
  if (person == 0)
    sprintf(path, ADMIN "%s", end);
  else
    sprintf(path, "%s" USERS "%s", people[person].home, end);
}

/* Replaces or removes a layer in one step, as its owner. */
static void change_layer(void) {
  char path[256], new[256], text[256];
  int person = (int)below(PEOPLE);
  struct state next = begin_change();
  next.layer[person] = (int8_t)(below(4) == 0 ? NO_LAYER : (int)below(NAMES));
  layer_path(person, path, "");
  layer_path(person, new, ".new");
  setfsuid(people[person].uid), setfsgid(people[person].uid);
  if (next.layer[person] != NO_LAYER) {
    sprintf(text, "[defaults]\ninterpreter = [\"%s\", \"base\"]\n", names[next.layer[person]]);
    write_file(new, text);
  }
  announce(next);
  if (next.layer[person] != NO_LAYER)
    check(rename(new, path) == 0, path);
  else
    unlink(path);
  end_change();
  setfsuid(0), setfsgid(0);
}

static void change_interpreter(void) {
  char path[64], away[64];
  int name = 1 + (int)below(NAMES - 1);
  struct state next = begin_change();
  next.there[name] ^= 1;
  sprintf(path, BIN "%s", names[name]);
  sprintf(away, BIN "%s.away", names[name]);
  announce(next);
  check((next.there[name] ? rename(away, path) : rename(path, away)) == 0, path);
  end_change();
}

/* Makes changes that affect no decision. */
static void disturb(void) {
  char path[256];
  int person = (int)below(PEOPLE);
  switch (below(4)) {
  case 0:
    remove_tree(TABLES);
    if (below(2)) mkdir(TABLES, 0755);
    break;
  case 1:
    sprintf(path, "%s/.cache", people[1 + person % 2].home);
    remove_tree(path);
    break;
  case 2:
    layer_path(person, path, "");
    utimensat(AT_FDCWD, path, NULL, 0);
    break;
  default:
    chmod("/etc", below(2) ? 0755 : 0751);
  }
}

static void change(void) {
  while (!atomic_load(&shared->ends)) {
    unsigned what = below(8);
    if (what < 4)
      change_layer();
    else if (what < 6)
      change_interpreter();
    else
      disturb();
    atomic_fetch_add(&shared->changes, 1);
    /* Changes also follow each other quickly. */
    usleep(below(3) == 0 ? below(2000) : below(200000));
  }
}

/* Starts. */

/* Was this interpreter the right one at some moment between these epochs? */
static int is_allowed(int person, int name, unsigned long from, unsigned long to, int *may_fail) {
  uint32_t admin = 0, own = 0, there[2] = {0, 0};
  for (unsigned long i = from / 2; i <= (to + 1) / 2; i++) {
    const struct state *state = &shared->history[i % HISTORY];
    admin |= 1U << (state->layer[0] + 1);
    own |= person == 0 ? 1U << (NO_LAYER + 1) : 1U << (state->layer[person] + 1);
    for (int n = 0; n < NAMES; n++) there[state->there[n]] |= 1U << n;
  }
  *may_fail = (there[0] & there[1]) != 0;
  for (int user = NO_LAYER; user < NAMES; user++) {
    for (int system = NO_LAYER; system < NAMES; system++) {
      if (!(own >> (user + 1) & 1) || !(admin >> (system + 1) & 1)) continue;
      int first = user != NO_LAYER ? user : system != NO_LAYER ? system : 0;
      if (first == name && there[1] >> first & 1) return 1;
      if (name == 0 && there[0] >> first & 1) return 1;
    }
  }
  return 0;
}

static char out[SIZE], err[SIZE];

static ssize_t read_all(int file, char *into) {
  ssize_t size = 0;
  lseek(file, 0, SEEK_SET);
  for (ssize_t n; (n = read(file, into + size, (size_t)(SIZE - 1 - size))) > 0;) size += n;
  into[size] = 0;
  return size;
}

static void empty(int file) {
  check(ftruncate(file, 0) == 0 && lseek(file, 0, SEEK_SET) == 0, "a memfd");
}

static void become(int person, char **argv, int to, int errors) {
  char home[64], path[] = "PATH=/usr/bin:/bin", moved[4][128];
  sprintf(home, "HOME=%s", people[person].home);
  char *env[8] = {path, home, NULL};
  if (is_hostile && person == 0) {
    sprintf(home, "HOME=%s", mallory);
    const char *const directories[] = {"CONFIG_HOME=%s/.config", "CACHE_HOME=%s/.cache",
                                   "DATA_HOME=%s/data", "RUNTIME_DIR=%s/run"};
    for (int i = 0; i < 4; i++) {
      strcpy(moved[i], "XDG_");
      sprintf(moved[i] + 4, directories[i], mallory);
      env[2 + i] = moved[i];
    }
    if (chdir(mallory) != 0) _exit(97);
  }
  int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, 0), dup2(to, 1), dup2(errors, 2);
  close_range(3, ~0U, 0);
  if (setgroups(0, NULL) != 0 || setgid(people[person].uid) != 0 || setuid(people[person].uid) != 0)
    _exit(97);
  alarm(PATIENCE_S);
  execve(argv[0], argv, env);
  _exit(98);
}

/* The interpreter that printed these arguments; -1 for none. */
static int reporting(char **argv, int argc, ssize_t size) {
  char expected[SIZE];
  for (int name = 0; name < NAMES; name++) {
    size_t length = (size_t)sprintf(expected, BIN "%s", names[name]) + 1;
    for (int i = 0; i < argc; i++) length += (size_t)sprintf(expected + length, "%s", argv[i]) + 1;
    expected[length++] = 0x1e;
    if ((size_t)size > length && memcmp(out, expected, length) == 0) return name;
  }
  return -1;
}

static void complain(int person, const char *what, int status, ssize_t size) {
  atomic_fetch_add(&shared->wrong, 1);
  for (ssize_t i = 0; i < size; i++)
    if (out[i] == 0) out[i] = ' ';
  fprintf(stderr, "%s: %s: status %x: %s | %s\n", people[person].name, what, (unsigned)status, out,
          err);
}

static void start(int person, int to, int errors) {
  char texts[3][32], link[64];
  sprintf(link, "%s/program", mallory);
  char *argv[5] = {is_hostile && person == 0 ? link : (char *)program};
  int argc = 1 + (int)below(4);
  for (int i = 1; i < argc; i++) {
    int length = (int)below(16);
    for (int n = 0; n < length; n++) texts[i - 1][n] = (char)(1 + below(255));
    texts[i - 1][length] = 0;
    argv[i] = texts[i - 1];
  }
  empty(to), empty(errors);
  unsigned long from = atomic_load(&shared->epoch);
  pid_t child = fork();
  check(child >= 0, "fork");
  if (child == 0) become(person, argv, to, errors);
  int status, may_fail;
  check(waitpid(child, &status, 0) == child, "waitpid");
  unsigned long epoch = atomic_load(&shared->epoch);
  ssize_t size = read_all(to, out), said = read_all(errors, err);
  atomic_fetch_add(&shared->starts[person], 1);
  int name = reporting(argv, argc, size);
  int is_right = is_allowed(person, name, from, epoch, &may_fail);
  if (name >= 0) {
    if (!is_right) complain(person, "not the configured interpreter", status, size);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 1 + argc)
      complain(person, "status", status, size);
    if (said > 0 && strstr(err, "Cannot compile a new route table") != NULL)
      atomic_fetch_add(&shared->last, 1);
    else if (said > 0)
      complain(person, "an unexpected message", status, size);
  } else if (size == 0 && WIFEXITED(status) && WEXITSTATUS(status) >= 125 &&
             strncmp(err, "binfmt-dispatcher: Cannot run ", 30) == 0) {
    if (!may_fail) complain(person, "a message, though no interpreter changed", status, size);
    atomic_fetch_add(&shared->words, 1);
  } else {
    complain(person, "neither a start nor a message", status, size);
  }
}

/* Mallory. */

static int exchange(const char *one, const char *other) {
  return renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE);
}

static void be_hostile(void) {
  check(setgroups(0, NULL) == 0 && setgid(MALLORY) == 0 && setuid(MALLORY) == 0, "setuid");
  check(chdir(mallory) == 0, mallory);
  while (!atomic_load(&shared->ends)) {
    exchange(".config", ".config-link");
    exchange(".config/binfmt-dispatcher", ".config/other");
    exchange(".cache", ".cache-link");
    exchange(".cache/binfmt-dispatcher", ".cache/other");
    exchange("run", "run-link");
    exchange("data", "data-link");
    exchange("program", "program-other");
    atomic_fetch_add(&shared->tricks, 7);
    if (below(64) != 0) continue;
    /* Files that are not hers. */
    static const char *const targets[] = {table, TABLES "/new", BIN "base", ADMIN};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
      int file = open(targets[i], O_WRONLY | O_CREAT, 0666);
      if (file >= 0 || rename("evil-table", targets[i]) == 0 || unlink(targets[i]) == 0)
        atomic_fetch_add(&shared->broken, 1);
    }
    if (below(64) != 0) continue;
    int directory = open(TABLES, O_RDONLY);
    if (directory < 0) continue;
    int kind = below(2) ? LOCK_EX : LOCK_SH;
    if (flock(directory, kind | LOCK_NB) == 0) usleep(below(20000));
    close(directory);
  }
}

static void in_a_process(void (*work)(void), uint64_t salt) {
  pid_t child = fork();
  check(child >= 0, "fork");
  if (child != 0) return;
  seed += salt * 0x9e3779b97f4a7c15;
  work();
  exit(0);
}

static int person_of_process;
static void start_for_ever(void) {
  int to = memfd_create("out", MFD_CLOEXEC), errors = memfd_create("err", MFD_CLOEXEC);
  check(to >= 0 && errors >= 0, "memfd_create");
  while (!atomic_load(&shared->ends)) start(person_of_process, to, errors);
}

static unsigned long starts(void) {
  unsigned long sum = 0;
  for (int i = 0; i < PEOPLE; i++) sum += atomic_load(&shared->starts[i]);
  return sum;
}

int main(int argc, char **argv) {
  check(argc >= 5, "load PROGRAM STARTS SECONDS SEED [TABLE]");
  program = argv[1];
  unsigned long wanted = strtoul(argv[2], NULL, 10), seconds = strtoul(argv[3], NULL, 10);
  seed = strtoull(argv[4], NULL, 10) * 2 + 1;
  is_hostile = argc > 5;
  if (is_hostile) snprintf(table, sizeof table, TABLES "/%s", argv[5]);
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  check(shared != MAP_FAILED, "mmap");
  shared->history[0] = (struct state){{NO_LAYER, NO_LAYER, NO_LAYER}, {1, 1, 1, 1}};
  in_a_process(change, 1);
  if (is_hostile) in_a_process(be_hostile, 2);
  for (person_of_process = 0; person_of_process < PEOPLE; person_of_process++)
    in_a_process(start_for_ever, 3 + (uint64_t)person_of_process);
  time_t begun = time(NULL);
  while ((wanted == 0 || starts() < wanted) &&
         (seconds == 0 || (unsigned long)(time(NULL) - begun) < seconds) &&
         atomic_load(&shared->wrong) < 20)
    usleep(20000);
  atomic_store(&shared->ends, 1);
  for (int status; wait(&status) > 0;)
    if (status != 0) atomic_fetch_add(&shared->wrong, 1);
  printf("starts %lu\n", starts());
  for (int i = 0; i < PEOPLE; i++) printf("%s %lu\n", people[i].name, shared->starts[i]);
  printf("changes %lu\nwords %lu\nlast %lu\n", shared->changes, shared->words, shared->last);
  printf("exchanges %lu\nbroken %lu\nwrong %lu\n", shared->tricks, shared->broken, shared->wrong);
  return shared->wrong > 0 || shared->broken > 0;
}
