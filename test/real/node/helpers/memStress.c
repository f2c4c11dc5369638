/* memStress stands in for the program of this name with which Chaos Mesh's daemon stresses memory: each worker takes its
   part of the size, by and by within the time, and keeps it; one that is killed begins again.
   memStress --size N[unit] --workers N --time DURATION */
#define _GNU_SOURCE
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* "256MB", "1GiB" or a share of the machine's memory: "10%". */
static double bytes(const char *text) {
  char *unit;
  double number = strtod(text, &unit);
  if (*unit == '%') {
    struct sysinfo info;
    sysinfo(&info);
    return (double)info.totalram * info.mem_unit / 100 * number;
  }
  const char *orders = "KMGTP", *order = *unit ? strchr(orders, *unit & ~32) : NULL;
  double base = order && (unit[1] | 32) == 'i' ? 1024 : 1000;
  for (long i = order ? order - orders + 1 : 0; i > 0; i--) number *= base;
  return number;
}

/* As Go writes a duration: "1m30s", "500ms". */
static double seconds(const char *text) {
  double sum = 0;
  while (*text) {
    char *unit;
    double number = strtod(text, &unit);
    if (unit == text) break;
    int thousandth = strncmp(unit, "ms", 2) == 0;
    sum += number * (thousandth ? 0.001 : *unit == 'h' ? 3600 : *unit == 'm' ? 60 : 1);
    text = unit + (*unit != 0) + thousandth;
  }
  return sum;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void take(size_t size, double time) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE), done = 0;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  char *data = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) {
    perror("memStress");
    _exit(1);
  }
  double start = now();
  while (done < size) {
    double share = time > 0 ? (now() - start) / time : 1;
    size_t until = share >= 1 ? size : (size_t)(size * share);
    for (; done < until; done += page) data[done] = 1;
    if (done < size) usleep(10000);
  }
  for (;;) pause();
}

int main(int argc, char **argv) {
  static const struct option options[] = {{"size", 1, 0, 's'}, {"workers", 1, 0, 'w'}, {"time", 1, 0, 't'}, {0, 0, 0, 0}};
  double size = 0, time = 0;
  int workers = 1, option;
  while ((option = getopt_long_only(argc, argv, "", options, NULL)) != -1) {
    switch (option) {
    case 's': size = bytes(optarg); break;
    case 't': time = seconds(optarg); break;
    case 'w': workers = atoi(optarg); break;
    default: return 2;
    }
  }
  if (workers < 1 || size < 1) return 2;
  for (int i = 0; i < workers; i++)
    if (fork() == 0) take((size_t)(size / workers), time);
  while (wait(NULL) > 0) {
    sleep(1);
    if (fork() == 0) take((size_t)(size / workers), time);
  }
  return 1;
}
