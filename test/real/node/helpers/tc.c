/* tc stands in for iproute2's where the kernel has no netem: `tc qdisc add dev DEVICE root handle H netem delay D [J …]`
   holds what leaves the device back by D ± J, and `tc qdisc del dev DEVICE root` ends that. Packets wait in a queue of
   netfilter. Everything else is iproute2's own. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { QUEUE = 7, MOST_WAITING = 1 << 16 };

struct waiting {
  double due;
  uint32_t id; /* as netfilter sends it */
};

static struct waiting line[MOST_WAITING];
static unsigned first, last; /* of the line, which is a ring */

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

/* As tc writes a time: "200ms", "1.5s", "200000us" or "200000", which are microseconds. */
static double seconds(const char *text) {
  char *unit;
  double number = strtod(text, &unit);
  return number * (strncmp(unit, "ms", 2) == 0 ? 1e-3 : *unit == 's' ? 1 : 1e-6);
}

static void fail(const char *what) {
  fprintf(stderr, "tc: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void run(char *const *command) {
  int status;
  pid_t child = fork();
  if (child == 0) {
    execvp(command[0], command);
    _exit(127);
  }
  if (waitpid(child, &status, 0) < 0 || status != 0) fail(command[0]);
}

static void rule(char *verb, char *device) {
  run((char *[]){"iptables", "-w", "-t", "mangle", verb, "POSTROUTING", "-o", device, "-j", "NFQUEUE", "--queue-num", "7",
                 "--queue-bypass", NULL});
}

/* Sends a message with one attribute to the queue. */
static void tell(int netlink, uint16_t type, uint16_t attribute, const void *data, size_t size) {
  struct {
    struct nlmsghdr header;
    struct nfgenmsg message;
    struct nlattr attribute;
    char data[64];
  } m = {0};
  size_t length = NLMSG_LENGTH(sizeof m.message) + NLA_HDRLEN + NLA_ALIGN(size);
  m.header = (struct nlmsghdr){.nlmsg_len = length, .nlmsg_type = NFNL_SUBSYS_QUEUE << 8 | type, .nlmsg_flags = NLM_F_REQUEST};
  m.message = (struct nfgenmsg){.nfgen_family = AF_UNSPEC, .version = NFNETLINK_V0, .res_id = htons(QUEUE)};
  m.attribute = (struct nlattr){.nla_len = NLA_HDRLEN + size, .nla_type = attribute};
  memcpy(m.data, data, size);
  if (send(netlink, &m, length, 0) < 0) fail("netlink");
}

static int open_queue(void) {
  int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  struct sockaddr_nl own = {.nl_family = AF_NETLINK};
  if (netlink < 0 || bind(netlink, (struct sockaddr *)&own, sizeof own) != 0) fail("netlink");
  int size = 8 << 20;
  setsockopt(netlink, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  struct nfqnl_msg_config_cmd bind_queue = {.command = NFQNL_CFG_CMD_BIND, .pf = htons(AF_INET)};
  tell(netlink, NFQNL_MSG_CONFIG, NFQA_CFG_CMD, &bind_queue, sizeof bind_queue);
  struct nfqnl_msg_config_params ids_only = {.copy_mode = NFQNL_COPY_META};
  tell(netlink, NFQNL_MSG_CONFIG, NFQA_CFG_PARAMS, &ids_only, sizeof ids_only);
  uint32_t most = htonl(MOST_WAITING - 1);
  tell(netlink, NFQNL_MSG_CONFIG, NFQA_CFG_QUEUE_MAXLEN, &most, sizeof most);
  return netlink;
}

static void take(int netlink, double delay, double jitter) {
  static char buffer[1 << 16];
  ssize_t length = recv(netlink, buffer, sizeof buffer, 0);
  for (struct nlmsghdr *h = (void *)buffer; length > 0 && NLMSG_OK(h, (size_t)length); h = NLMSG_NEXT(h, length)) {
    if (h->nlmsg_type != (NFNL_SUBSYS_QUEUE << 8 | NFQNL_MSG_PACKET)) continue;
    char *at = (char *)NLMSG_DATA(h) + NLMSG_ALIGN(sizeof(struct nfgenmsg)), *end = (char *)h + h->nlmsg_len;
    while (at + NLA_HDRLEN <= end) {
      struct nlattr *attribute = (void *)at;
      if (attribute->nla_len < NLA_HDRLEN) break;
      if ((attribute->nla_type & NLA_TYPE_MASK) == NFQA_PACKET_HDR) {
        struct nfqnl_msg_packet_hdr *packet = (void *)(at + NLA_HDRLEN);
        double wait = delay + jitter * (2.0 * rand() / RAND_MAX - 1);
        line[last++ % MOST_WAITING] = (struct waiting){now() + wait, packet->packet_id};
      }
      at += NLA_ALIGN(attribute->nla_len);
    }
  }
}

/* Lets those go whose time has come, in their order; returns milliseconds until the next. */
static int let_go(int netlink) {
  while (first != last) {
    struct waiting *next = &line[first % MOST_WAITING];
    double left = next->due - now();
    if (left > 0) return (int)(left * 1000) + 1;
    struct nfqnl_msg_verdict_hdr verdict = {.verdict = htonl(NF_ACCEPT), .id = next->id};
    tell(netlink, NFQNL_MSG_VERDICT, NFQA_VERDICT_HDR, &verdict, sizeof verdict);
    first++;
  }
  return -1;
}

/* Who delays a device is found by a name that holds in its network namespace only. */
static socklen_t name_of(struct sockaddr_un *name, const char *device) {
  *name = (struct sockaddr_un){.sun_family = AF_UNIX};
  int length = snprintf(name->sun_path + 1, sizeof name->sun_path - 1, "netem-%s", device);
  return offsetof(struct sockaddr_un, sun_path) + 1 + length;
}

/* Makes the process one of the pod's, as what the kernel does would be: nsexec was told whose network it is. */
static void join_pod(void) {
  char text[4096], file[4400];
  snprintf(file, sizeof file, "/proc/%d/cmdline", getppid());
  FILE *command = fopen(file, "r");
  size_t size = command ? fread(text, 1, sizeof text - 1, command) : 0;
  if (command) fclose(command);
  text[size] = 0;
  int pid = 0;
  for (char *word = text; word < text + size && !pid; word += strlen(word) + 1) sscanf(word, "-n/proc/%d/ns/net", &pid);
  snprintf(file, sizeof file, "/proc/%d/cgroup", pid);
  FILE *groups = pid ? fopen(file, "r") : NULL;
  while (groups && fgets(text, sizeof text, groups)) {
    char *controller = strchr(text, ':'), *path = controller ? strchr(controller + 1, ':') : NULL, *above = strrchr(text, '/');
    if (!path || !above || above <= path) continue;
    *path = *above = 0;
    controller += 1 + (strncmp(controller + 1, "name=", 5) == 0 ? 5 : 0);
    snprintf(file, sizeof file, "/host-sys/fs/cgroup/%s%s/cgroup.procs", *controller ? controller : "unified", path + 1);
    FILE *procs = fopen(file, "w");
    if (procs) {
      fprintf(procs, "%d", getpid());
      fclose(procs);
    }
  }
  if (groups) fclose(groups);
}

static void hold_back(char *device, double delay, double jitter) {
  struct sockaddr_un name;
  socklen_t length = name_of(&name, device);
  int control = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(control, (struct sockaddr *)&name, length) != 0 || listen(control, 4) != 0) fail(device);
  join_pod();
  int netlink = open_queue();
  rule("-A", device);
  if (fork() != 0) exit(0);
  setsid();
  int nothing = open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3; fd++) dup2(nothing, fd);
  struct pollfd sources[] = {{.fd = netlink, .events = POLLIN}, {.fd = control, .events = POLLIN}};
  for (;;) {
    poll(sources, 2, let_go(netlink));
    if (sources[0].revents) take(netlink, delay, jitter);
    if (sources[1].revents) break;
  }
  rule("-D", device); /* what waits still goes when the queue is closed with it */
  while (first != last) line[first % MOST_WAITING].due = 0, let_go(netlink);
  exit(0);
}

/* True when a device was held back, and is not any more. */
static int end(const char *device) {
  struct sockaddr_un name;
  socklen_t length = name_of(&name, device);
  int control = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  char byte;
  if (connect(control, (struct sockaddr *)&name, length) != 0) return 0;
  return read(control, &byte, 1) <= 0; /* until the other end is closed */
}

int main(int argc, char **argv) {
  int of_qdisc = argc >= 6 && strcmp(argv[1], "qdisc") == 0 && strcmp(argv[3], "dev") == 0 && strcmp(argv[5], "root") == 0;
  if (of_qdisc && strcmp(argv[2], "del") == 0 && end(argv[4])) return 0;
  if (of_qdisc && argc >= 11 && strcmp(argv[2], "add") == 0 && strcmp(argv[8], "netem") == 0 && strcmp(argv[9], "delay") == 0) {
    int only_delay = 1;
    for (int i = 10; i < argc; i++) only_delay &= argv[i][0] >= '0' && argv[i][0] <= '9';
    if (only_delay) hold_back(argv[4], seconds(argv[10]), argc > 11 ? seconds(argv[11]) : 0);
  }
  execv("/usr/sbin/tc", argv);
  fail("/usr/sbin/tc");
}
