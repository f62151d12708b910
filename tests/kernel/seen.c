/* An interpreter that prints what it sees of its own start, a line each: name and value. */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv) {
  char name[32] = "", path[4096];
  prctl(PR_GET_NAME, name);
  printf("comm %s\n", name);
  printf("AT_EXECFN %s\n", (const char *)getauxval(AT_EXECFN));
  printf("AT_FLAGS %lu\n", getauxval(AT_FLAGS));
  unsigned long descriptor = getauxval(AT_EXECFD);
  ssize_t size = 0;
  if (descriptor != 0) {
    snprintf(path, sizeof path, "/proc/self/fd/%lu", descriptor);
    static char file[4096];
    size = readlink(path, file, sizeof file - 1);
    printf("AT_EXECFD %s\n", size > 0 ? file : "?");
  } else {
    printf("AT_EXECFD none\n");
  }
  size = readlink("/proc/self/exe", path, sizeof path - 1);
  printf("exe %.*s\n", (int)(size > 0 ? size : 0), path);
  for (int n = 0; n <= 2; n++)
    printf("descriptor %d %s\n", n, fcntl(n, F_GETFD) < 0 ? "closed" : "open");
  printf("argv");
  for (int i = 0; i < argc; i++) printf(" [%s]", argv[i]);
  printf("\n");
  return 0;
}
