// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Linux router with nftables' masquerade in a network namespace of its own, and every packet that goes into it and
// comes out of it: for the tests that compare natsh with the kernel.
//
// This program plays all hosts. It has the far ends of the router's two links, puts whole IP packets on them
// as standard input says, and writes to standard output what comes back. Nothing has a name outside the process,
// so everything disappears with the process, however it ends; and it ends when its standard input does.
//
//     NetfilterRouter OUTSIDE INSIDE PREFIX [NAME=VALUE ...]
//
// gives the router the address OUTSIDE, and INSIDE on a link that leads to PREFIX; each NAME is a kernel parameter below
// /proc/sys/net, or one of these:
//
//     input=drop      an INPUT chain drops all that is for the router itself, except what inside hosts send to INSIDE and
//                     their echo requests
//     mtu=N           the longest packet that the outside link takes
//     pool=A-B        hosts get their outside addresses from these, each always the same one, instead of a masquerade;
//                     OUTSIDE is A
//
// When it is ready, it writes one byte, 'R'.
//
// A request is a byte, two bytes of length, most significant first, and as many bytes. 'i' and 'o' put the packet that
// follows on the link inside or outside and are answered by all packets that came out because of it: for each 'i' or 'o'
// for the link, length and bytes. 'f' forgets all connections; 't' gives the lines of the connection table with the
// text that follows, 'g' the value of the kernel parameter that follows. 'a' adds a forward, 'd' deletes one, as an element
// of the map forward_udp or forward_tcp: `forward_udp { 80 : 10.1.0.5 . 8080 }`; 'z' deletes all. Each answer ends with a
// byte '.'; if something fails, 'x' with a text comes before it.

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

#include "setting-up.h"

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

// Takes everything that has come to one side; returns whether the marker was among it.
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

// A link takes packets only some time after it is set up. Markers lost meanwhile do not count as an answer to a later one.
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

// Writes the lines of a file that contain a text. Reading the table also collects expired connections.
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
