// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Linux router with nftables' masquerade in a network namespace of its own, and every packet that goes into it and
// comes out of it: for the tests that compare natsh with the kernel.
//
// All hosts there are is this program. It holds the far ends of the router's two links, puts whole IP packets on them
// as it is told on standard input, and tells on standard output what comes back. Nothing has a name outside the process,
// so everything is gone when the process is, however it ends; and it ends when its standard input does.
//
//     NetfilterRouter OUTSIDE INSIDE PREFIX [NAME=VALUE ...]
//
// gives the router the address OUTSIDE, and INSIDE on a link that leads to PREFIX; each NAME is a kernel parameter below
// /proc/sys/net, or one of these:
//
//     input=drop      an INPUT chain drops all that is for the router itself, but what inside hosts send to INSIDE and
//                     their echo requests
//     mtu=N           the longest packet that the link outside takes
//     pool=A-B        hosts get their outside addresses from these, each always the same one, instead of a masquerade;
//                     OUTSIDE is A
//
// Ready, it writes one byte, 'R'.
//
// A request is a byte, two bytes of length, most significant first, and as many bytes. 'i' and 'o' put the packet that
// follows on the link inside or outside and are answered by all packets that came out because of it: for each 'i' or 'o'
// for the link, length and bytes. 'f' forgets all connections; 't' gives the lines of the connection table that hold the
// text that follows, 'g' the value of the kernel parameter that follows. 'a' adds a forward, 'd' deletes one, as an element
// of the map forward_udp or forward_tcp: `forward_udp { 80 : 10.1.0.5 . 8080 }`; 'z' deletes all. Each answer ends with a
// byte '.'; where something fails, 'x' with a text comes before it.

#ifndef __linux__
int main(void) { return 77; }
#else

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { INSIDE, OUTSIDE, SIDES };

// A marker follows every packet and is waited for: what the router had to say about the packet has then been said. Its
// IP protocol is one of those for experiments (RFC 3692), and it is not tracked.
enum { MARKER_PROTOCOL = 253, PATIENCE_MS = 10000 };

static int sockets[SIDES];
static const unsigned char router_mac[SIDES][6] = {{2, 0, 0, 0, 0, 1}, {2, 0, 0, 0, 0, 2}};
static const unsigned char far_mac[6] = {2, 0, 0, 0, 0, 9};

static void give_up(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(1);
}

// MARK: Setting up

static void write_file(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) give_up("%s: %s", path, strerror(errno));
  ssize_t written = write(file, text, strlen(text));
  if (written != (ssize_t)strlen(text)) give_up("%s: %s", path, strerror(errno));
  close(file);
}

static void run(const char *script, ...) {
  char command[2048];
  va_list arguments;
  va_start(arguments, script);
  vsnprintf(command, sizeof command, script, arguments);
  va_end(arguments);
  // What it prints must not get among the answers.
  char whole[2400];
  snprintf(whole, sizeof whole,
           "exec 1>&2 </dev/null; set -e; "
           "no_ipv6() { file=/proc/sys/net/ipv6/conf/$1/disable_ipv6; [ ! -e $file ] || echo 1 >$file; }; %s",
           command);
  int status = system(whole);
  if (status != 0) give_up("failed (%d): %s", status, command);
}

static int own_namespace(void) {
  int file = open("/proc/self/ns/net", O_RDONLY);
  if (file < 0) give_up("/proc/self/ns/net: %s", strerror(errno));
  return file;
}

static void enter(int space) {
  if (setns(space, CLONE_NEWNET) < 0) give_up("setns: %s", strerror(errno));
}

// Checksums are to be whole where a packet is looked at.
static void compute_checksums(const char *name) {
  int control = socket(AF_INET, SOCK_DGRAM, 0);
  struct ethtool_value value = {.cmd = ETHTOOL_STXCSUM, .data = 0};
  struct ifreq request = {0};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  request.ifr_data = (void *)&value;
  if (ioctl(control, SIOCETHTOOL, &request) < 0) give_up("checksums of %s: %s", name, strerror(errno));
  close(control);
}

static int packet_socket(const char *name) {
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP)};
  int one = 1, room = 4 << 20;
  int opened = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
  if (opened < 0) give_up("a packet socket: %s", strerror(errno));
  address.sll_ifindex = (int)if_nametoindex(name);
  setsockopt(opened, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one);
  setsockopt(opened, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  if (bind(opened, (struct sockaddr *)&address, sizeof address) < 0) give_up("bind to %s: %s", name, strerror(errno));
  return opened;
}

static void set_parameter(const char *name, const char *value) {
  char path[256] = "/proc/sys/net/";
  strncat(path, name, sizeof path - strlen(path) - 1);
  write_file(path, value);
}

// The value of the option NAME=; nil where it is not given.
static const char *option(char **arguments, int count, const char *name) {
  size_t length = strlen(name);
  for (int i = 3; i < count; i++)
    if (strncmp(arguments[i], name, length) == 0 && arguments[i][length] == '=') return arguments[i] + length + 1;
  return NULL;
}

static void set_up(char **arguments, int count) {
  const char *outside = arguments[0], *inside = arguments[1], *prefix = arguments[2];
  const char *pool = option(arguments, count, "pool"), *mtu = option(arguments, count, "mtu");
  char snat[96] = "masquerade", limit[32] = "";
  if (pool != NULL) snprintf(snat, sizeof snat, "snat to %s persistent", pool);
  if (mtu != NULL) snprintf(limit, sizeof limit, "mtu %s", mtu);
  char map[64];
  uid_t user = getuid();
  gid_t group = getgid();
  if (user != 0) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0) give_up("unshare: %s", strerror(errno));
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %u 1", user);
    write_file("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %u 1", group);
    write_file("/proc/self/gid_map", map);
  } else if (unshare(CLONE_NEWNET) < 0) {
    give_up("unshare: %s", strerror(errno));
  }
  int far = own_namespace();
  if (unshare(CLONE_NEWNET) < 0) give_up("unshare: %s", strerror(errno));
  int router = own_namespace();
  enter(far);
  run("for side in 1 2; do "
      "ip link add far$side address 02:00:00:00:00:09 type veth peer name near$side address 02:00:00:00:00:0$side; "
      "ip link set near$side netns /proc/%d/fd/%d; "
      "no_ipv6 far$side; ip link set far$side arp off up; done",
      (int)getpid(), router);
  enter(router);
  run("for side in 1 2; do no_ipv6 near$side; ip link set near$side up; done; "
      "ip link set lo up; ip addr add %s/32 dev near1; ip addr add %s/32 dev near2; "
      "ip neigh add 169.254.0.9 lladdr 02:00:00:00:00:09 dev near1 nud permanent; "
      "ip neigh add 169.254.0.9 lladdr 02:00:00:00:00:09 dev near2 nud permanent; "
      "ip route add %s via 169.254.0.9 dev near1 onlink src %s; "
      "ip route add default via 169.254.0.9 dev near2 onlink src %s %s",
      inside, outside, prefix, inside, outside, limit);
  run("printf '%%s\\n' 'add table ip natsh' "
      "'add chain ip natsh first { type filter hook prerouting priority raw; }' "
      "'add rule ip natsh first ip protocol %d notrack' "
      "'add chain ip natsh after { type nat hook postrouting priority srcnat; }' "
      "'add rule ip natsh after oifname near2 %s' "
      "'add map ip natsh forward_udp { type inet_service : ipv4_addr . inet_service; }' "
      "'add map ip natsh forward_tcp { type inet_service : ipv4_addr . inet_service; }' "
      "'add chain ip natsh before { type nat hook prerouting priority dstnat; }' "
      "'add rule ip natsh before iifname near2 ip daddr %s dnat ip to udp dport map @forward_udp' "
      "'add rule ip natsh before iifname near2 ip daddr %s dnat ip to tcp dport map @forward_tcp' | nft -f -",
      MARKER_PROTOCOL, snat, outside, outside);
  if (option(arguments, count, "input") != NULL)
    run("printf '%%s\\n' 'add chain ip natsh input { type filter hook input priority filter; }' "
        "'add rule ip natsh input iifname near1 icmp type echo-request accept' "
        "'add rule ip natsh input iifname near1 ip daddr %s accept' "
        "'add rule ip natsh input drop' | nft -f -", inside);
  if (pool != NULL) {
    // Each address of the pool is the router's own.
    unsigned first = ntohl(inet_addr(outside)), last = ntohl(inet_addr(strchr(pool, '-') + 1));
    for (unsigned address = first + 1; address <= last; address++) {
      struct in_addr more = {htonl(address)};
      run("ip addr add %s/32 dev near2", inet_ntoa(more));
    }
  }
  set_parameter("ipv4/ip_forward", "1");
  set_parameter("ipv4/icmp_ratemask", "0");
  set_parameter("ipv4/conf/all/send_redirects", "0");
  for (int side = 1; side <= 2; side++) {
    char name[64];
    snprintf(name, sizeof name, "ipv4/conf/near%d/send_redirects", side);
    set_parameter(name, "0");
    snprintf(name, sizeof name, "ipv4/conf/near%d/rp_filter", side);
    set_parameter(name, "0");
    snprintf(name, sizeof name, "near%d", side);
    compute_checksums(name);
  }
  set_parameter("ipv4/conf/all/rp_filter", "0");
  for (int i = 3; i < count; i++) {
    char *value = strchr(arguments[i], '=');
    if (value == NULL) give_up("not NAME=VALUE: %s", arguments[i]);
    if (memchr(arguments[i], '/', (size_t)(value - arguments[i])) == NULL) continue;
    *value++ = 0;
    set_parameter(arguments[i], value);
  }
  enter(far);
  sockets[INSIDE] = packet_socket("far1");
  sockets[OUTSIDE] = packet_socket("far2");
  // From here on only the router's namespace is looked into: its parameters and its connections.
  enter(router);
  // One processor handles everything, in the order in which it was sent.
  cpu_set_t processors;
  CPU_ZERO(&processors);
  CPU_SET(sched_getcpu(), &processors);
  sched_setaffinity(0, sizeof processors, &processors);
}

// MARK: Talking

static unsigned char answer[1 << 20];
static size_t answered;

static void say(char kind, const void *data, size_t length) {
  if (length > 65535) length = 65535;
  if (answered + length + 3 > sizeof answer) give_up("the answer is too long");
  answer[answered++] = (unsigned char)kind;
  answer[answered++] = (unsigned char)(length >> 8);
  answer[answered++] = (unsigned char)length;
  memcpy(answer + answered, data, length);
  answered += length;
}

static void complain(const char *text) {
  char whole[256];
  int length = snprintf(whole, sizeof whole, "%s: %s", text, strerror(errno));
  say('x', whole, (size_t)length);
}

static int read_fully(unsigned char *data, size_t length) {
  size_t done = 0;
  while (done < length) {
    ssize_t got = read(STDIN_FILENO, data + done, length - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return 0;
    done += (size_t)got;
  }
  return 1;
}

static void finish_answer(void) {
  answer[answered++] = '.';
  size_t done = 0;
  while (done < answered) {
    ssize_t put = write(STDOUT_FILENO, answer + done, answered - done);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) exit(1);
    done += (size_t)put;
  }
  answered = 0;
}

// MARK: Packets

static int put(int side, const unsigned char *packet, size_t length) {
  unsigned char frame[2048];
  if (length > sizeof frame - ETH_HLEN) {
    errno = EMSGSIZE;
    return -1;
  }
  memcpy(frame, router_mac[side], 6);
  memcpy(frame + 6, far_mac, 6);
  frame[12] = ETH_P_IP >> 8;
  frame[13] = ETH_P_IP & 255;
  memcpy(frame + ETH_HLEN, packet, length);
  return send(sockets[side], frame, ETH_HLEN + length, 0) < 0 ? -1 : 0;
}

static unsigned short checksum(const unsigned char *header) {
  unsigned sum = 0;
  for (int i = 0; i < 20; i += 2) sum += (unsigned)(header[i] << 8 | header[i + 1]);
  while (sum >> 16) sum = (sum & 65535) + (sum >> 16);
  return (unsigned short)~sum;
}

static unsigned marker_count;
static unsigned char marker[24];
static in_addr_t marker_addresses[SIDES];

static int put_marker(int side) {
  memset(marker, 0, sizeof marker);
  marker[0] = 0x45;
  marker[3] = sizeof marker;
  marker[8] = 64;
  marker[9] = MARKER_PROTOCOL;
  memcpy(marker + 12, &marker_addresses[side], 4);
  memcpy(marker + 16, &marker_addresses[!side], 4);
  unsigned short sum = checksum(marker);
  marker[10] = (unsigned char)(sum >> 8);
  marker[11] = (unsigned char)sum;
  marker_count++;
  memcpy(marker + 20, &marker_count, 4);
  return put(side, marker, sizeof marker);
}

// Takes all that has come to one side; returns whether the marker was among it.
static int take(int side) {
  unsigned char frame[4096];
  int found = 0;
  ssize_t got;
  while ((got = recv(sockets[side], frame, sizeof frame, MSG_DONTWAIT)) > 0) {
    unsigned char *packet = frame + ETH_HLEN;
    if (got < ETH_HLEN + 20) continue;
    size_t length = (size_t)(packet[2] << 8 | packet[3]);
    if (length > (size_t)got - ETH_HLEN) continue;
    if (packet[9] == MARKER_PROTOCOL) {
      if (memcmp(packet + 20, &marker_count, 4) == 0) found = 1;
    } else {
      say(side == INSIDE ? 'i' : 'o', packet, length);
    }
  }
  return found;
}

static void inject(int side, const unsigned char *packet, size_t length) {
  if (put(side, packet, length) < 0) return complain("the packet was not sent");
  if (put_marker(side) < 0) return complain("the marker was not sent");
  struct pollfd waiting[SIDES] = {{sockets[0], POLLIN, 0}, {sockets[1], POLLIN, 0}};
  for (;;) {
    int found = take(!side);
    take(side);
    if (found) return;
    if (poll(waiting, SIDES, PATIENCE_MS) <= 0) return complain("the marker did not come out");
  }
}

// A link takes packets only some time after it was set up. Markers that got lost meanwhile are no answer to a later one.
static void wait_for_links(void) {
  for (int side = 0; side < SIDES; side++) {
    for (int attempt = 0;; attempt++) {
      struct pollfd waiting = {sockets[!side], POLLIN, 0};
      if (put_marker(side) == 0 && poll(&waiting, 1, 50) > 0 && take(!side)) break;
      if (attempt * 50 > PATIENCE_MS) give_up("the links do not come up");
    }
  }
  answered = 0;
}

// MARK: Connections

static void forget_connections(void) {
  struct {
    struct nlmsghdr header;
    struct nfgenmsg family;
  } request = {
      .header = {.nlmsg_len = sizeof request,
                 .nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE,
                 .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK},
      .family = {.nfgen_family = AF_INET, .version = NFNETLINK_V0}};
  char reply[4096];
  static int connection = -1;
  if (connection < 0) connection = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (connection < 0 || send(connection, &request, sizeof request, 0) < 0) return complain("forgetting");
  ssize_t got = recv(connection, reply, sizeof reply, 0);
  struct nlmsghdr *header = (struct nlmsghdr *)reply;
  if (got < (ssize_t)NLMSG_LENGTH(sizeof(struct nlmsgerr)) || header->nlmsg_type != NLMSG_ERROR)
    return complain("forgetting");
  errno = -((struct nlmsgerr *)NLMSG_DATA(header))->error;
  if (errno != 0) complain("forgetting");
}

// Says the lines of a file that hold a text. Reading the table also collects what has expired.
static void say_lines(char kind, const char *path, const char *text) {
  char line[1024];
  FILE *file = fopen(path, "re");
  if (file == NULL) return complain(path);
  while (fgets(line, sizeof line, file) != NULL)
    if (strstr(line, text) != NULL) say(kind, line, strlen(line));
  fclose(file);
}

// Changes the forwards.
static void change_forwards(const char *verb, const char *element) {
  char command[512];
  snprintf(command, sizeof command, "nft %s ip natsh %s' >&2 </dev/null", verb, element);
  if (system(command) != 0) complain(command);
}

int main(int count, char **arguments) {
  static unsigned char request[65536 + 1];
  unsigned char head[3];
  if (count < 4) give_up("usage: %s OUTSIDE INSIDE PREFIX [NAME=VALUE ...]", arguments[0]);
  marker_addresses[INSIDE] = inet_addr(arguments[2]);
  ((unsigned char *)&marker_addresses[INSIDE])[3] = 254;
  marker_addresses[OUTSIDE] = inet_addr("198.18.0.254");
  set_up(arguments + 1, count - 1);
  wait_for_links();
  if (write(STDOUT_FILENO, "R", 1) != 1) return 1;
  while (read_fully(head, sizeof head)) {
    size_t length = (size_t)(head[1] << 8 | head[2]);
    char path[512] = "/proc/sys/net/";
    if (!read_fully(request, length)) return 1;
    request[length] = 0;
    switch (head[0]) {
    case 'i': inject(INSIDE, request, length); break;
    case 'o': inject(OUTSIDE, request, length); break;
    case 'f': forget_connections(); break;
    case 'a': change_forwards("'add element", (char *)request); break;
    case 'd': change_forwards("'delete element", (char *)request); break;
    case 'z':
      change_forwards("'flush map", "forward_udp");
      change_forwards("'flush map", "forward_tcp");
      break;
    case 't': say_lines('t', "/proc/self/net/nf_conntrack", (char *)request); break;
    case 'g':
      strncat(path, (char *)request, sizeof path - strlen(path) - 1);
      say_lines('g', path, "");
      break;
    default: errno = EINVAL; complain("request");
    }
    finish_answer();
  }
  return 0;
}
#endif
