/* nsexec stands in for the program of this name with which Chaos Mesh's daemon starts its tools: it runs a command in
   the namespaces of another process. -l: the command's own file comes from here; only what it does happens there.
   nsexec [-l] [-c FILE] [-i FILE] [-m FILE] [-n FILE] [-p FILE] -- COMMAND [ARGUMENT]… */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile pid_t child;

static void pass_on(int number) {
  if (child > 0) kill(child, number);
}

static void enter(const char *file, int type) {
  int fd = open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || setns(fd, type) != 0) {
    fprintf(stderr, "nsexec: %s: %s\n", file, strerror(errno));
    exit(1);
  }
  close(fd);
}

int main(int argc, char **argv) {
  const char *cgroup = NULL, *ipc = NULL, *mount = NULL, *net = NULL, *pid = NULL;
  int local = 0, option;
  while ((option = getopt(argc, argv, "+lc:i:m:n:p:")) != -1) {
    switch (option) {
    case 'l': local = 1; break;
    case 'c': cgroup = optarg; break;
    case 'i': ipc = optarg; break;
    case 'm': mount = optarg; break;
    case 'n': net = optarg; break;
    case 'p': pid = optarg; break;
    default: return 2;
    }
  }
  if (optind >= argc) return 2;
  signal(SIGINT, pass_on);
  signal(SIGTERM, pass_on);
  if (cgroup) enter(cgroup, CLONE_NEWCGROUP);
  if (ipc) enter(ipc, CLONE_NEWIPC);
  if (net) enter(net, CLONE_NEWNET);
  if (pid) enter(pid, CLONE_NEWPID);
  if (mount && local) {
    /* The library enters when the command is loaded already. */
    setenv("LD_PRELOAD", "/usr/local/lib/libnsenter.so", 1);
    setenv("NSENTER_MOUNT", mount, 1);
  } else if (mount) {
    enter(mount, CLONE_NEWNS);
  }
  /* A PID namespace holds for children only. */
  child = fork();
  if (child == 0) {
    execvp(argv[optind], &argv[optind]);
    fprintf(stderr, "nsexec: %s: %s\n", argv[optind], strerror(errno));
    _exit(127);
  }
  int status;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return 1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
