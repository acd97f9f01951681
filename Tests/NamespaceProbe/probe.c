// SPDX-License-Identifier: GPL-3.0-or-later
//
// Sends and receives in the network namespaces of an exported network, as its standard input says, one command a line:
//
//   bind NODE PORT                          a UDP port that listens
//   listen NODE PORT                        a TCP port that listens
//   send NODE PORT ADDRESS PORT TEXT        a datagram
//   connect NODE PORT ADDRESS PORT          a TCP connection
//   ping NODE ADDRESS                       an ICMP echo request
//   expect COUNT                            waits for so many events, and a moment for more; prints "end"
//
// Events, one a line: udp, error, accepted, connected, reset, pong; see the code that prints them.

#define _GNU_SOURCE
#include <stdio.h>

#ifndef __linux__

int main(void) {
  fputs("namespaces are Linux's\n", stderr);
  return 77;
}

#else

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum kind { DATAGRAMS, LISTENER, OPENING, ECHO, IDLE };

struct port {
  enum kind kind;
  char node[80];
  int family, number;
};

static struct pollfd polled[512];
static struct port ports[512];
static int count;
static const char *prefix;

static void stop(const char *what) {
  perror(what);
  exit(1);
}

// A socket in a node's namespace; -1 if it has none of the family.
static int node_socket(const char *node, int family, int type, int protocol) {
  char path[200];
  snprintf(path, sizeof path, "/var/run/netns/%s%s", prefix, node);
  int space = open(path, O_RDONLY | O_CLOEXEC);
  if (space < 0) stop(path);
  if (setns(space, CLONE_NEWNET) != 0) stop("setns");
  close(space);
  int made = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  int on = 1;
  if (made < 0) return -1;
  setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (family == AF_INET6) setsockopt(made, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  return made;
}

static int keep(int descriptor, enum kind kind, const char *node, int family, int number) {
  if (count == 512) stop("too many sockets");
  polled[count] = (struct pollfd){.fd = descriptor, .events = kind == OPENING ? POLLOUT : POLLIN};
  ports[count] = (struct port){.kind = kind, .family = family, .number = number};
  snprintf(ports[count].node, sizeof ports[count].node, "%s", node);
  return count++;
}

static socklen_t endpoint(const char *address, int number, struct sockaddr_storage *out) {
  memset(out, 0, sizeof *out);
  struct sockaddr_in *four = (struct sockaddr_in *)out;
  struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
  if (inet_pton(AF_INET, address, &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons(number);
    return sizeof *four;
  }
  if (inet_pton(AF_INET6, address, &six->sin6_addr) != 1) stop(address);
  six->sin6_family = AF_INET6;
  six->sin6_port = htons(number);
  return sizeof *six;
}

// "ADDRESS PORT"
static const char *text(const struct sockaddr_storage *from) {
  static char out[80];
  char address[INET6_ADDRSTRLEN] = "?";
  if (from->ss_family == AF_INET) {
    const struct sockaddr_in *four = (const struct sockaddr_in *)from;
    inet_ntop(AF_INET, &four->sin_addr, address, sizeof address);
    snprintf(out, sizeof out, "%s %d", address, ntohs(four->sin_port));
  } else {
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)from;
    inet_ntop(AF_INET6, &six->sin6_addr, address, sizeof address);
    snprintf(out, sizeof out, "%s %d", address, ntohs(six->sin6_port));
  }
  return out;
}

static int bound(int descriptor, int family, int number) {
  struct sockaddr_storage own;
  socklen_t length = endpoint(family == AF_INET ? "0.0.0.0" : "::", number, &own);
  return bind(descriptor, (struct sockaddr *)&own, length) == 0;
}

// The index of a UDP port that listens.
static int datagrams(const char *node, int family, int number) {
  for (int i = 0; i < count; i++)
    if (ports[i].kind == DATAGRAMS && ports[i].family == family && ports[i].number == number &&
        strcmp(ports[i].node, node) == 0)
      return i;
  int made = node_socket(node, family, SOCK_DGRAM, 0);
  if (made < 0) return -1;
  if (!bound(made, family, number)) stop("bind");
  int on = 1;
  if (family == AF_INET)
    setsockopt(made, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
  else
    setsockopt(made, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
  return keep(made, DATAGRAMS, node, family, number);
}

static void open_port(const char *node, int number, int is_tcp) {
  const int families[] = {AF_INET, AF_INET6};
  for (int i = 0; i < 2; i++) {
    if (!is_tcp) {
      datagrams(node, families[i], number);
      continue;
    }
    int made = node_socket(node, families[i], SOCK_STREAM, 0);
    if (made < 0) continue;
    if (!bound(made, families[i], number) || listen(made, 16) != 0) stop("listen");
    keep(made, LISTENER, node, families[i], number);
  }
}

static void ping(const char *node, const char *address) {
  struct sockaddr_storage to;
  socklen_t length = endpoint(address, 0, &to);
  int made = node_socket(node, to.ss_family, SOCK_RAW, to.ss_family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
  if (made < 0) stop("raw socket");
  static int identifier = 4000;
  identifier++;
  unsigned char echo[8] = {to.ss_family == AF_INET ? 8 : 128, 0, 0, 0, identifier >> 8, identifier & 255, 0, 1};
  if (to.ss_family == AF_INET) {
    unsigned sum = (echo[0] << 8) + (echo[4] << 8 | echo[5]) + 1;
    sum = (sum & 0xFFFF) + (sum >> 16);
    echo[2] = ~sum >> 8 & 255;
    echo[3] = ~sum & 255;
  }
  keep(made, ECHO, node, to.ss_family, identifier);
  if (sendto(made, echo, sizeof echo, 0, (struct sockaddr *)&to, length) < 0) perror("ping");
}

// Prints the events of one socket; returns their number.
static int look(int i) {
  struct port *port = &ports[i];
  struct sockaddr_storage from = {0};
  socklen_t length = sizeof from;
  char data[2000];
  int failure = 0;
  switch (port->kind) {
  case DATAGRAMS:
    if (polled[i].revents & POLLERR) {
      struct iovec part = {data, sizeof data};
      char control[512];
      struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
      if (recvmsg(polled[i].fd, &message, MSG_ERRQUEUE) >= 0) {
        printf("error %s %d\n", port->node, port->number);
        return 1;
      }
    }
    ssize_t size = recvfrom(polled[i].fd, data, sizeof data - 1, 0, (struct sockaddr *)&from, &length);
    if (size < 0) return 0;
    data[size] = 0;
    printf("udp %s %d %s %s\n", port->node, port->number, text(&from), data);
    return 1;
  case LISTENER: {
    int accepted = accept4(polled[i].fd, (struct sockaddr *)&from, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0) return 0;
    printf("accepted %s %d %s\n", port->node, port->number, text(&from));
    return 1;
  }
  case OPENING:
    length = sizeof failure;
    getsockopt(polled[i].fd, SOL_SOCKET, SO_ERROR, &failure, &length);
    printf("%s %s %d\n", failure == 0 ? "connected" : failure == ECONNREFUSED ? "reset" : "error", port->node, port->number);
    port->kind = IDLE;
    polled[i].events = 0;
    if (failure != 0) polled[i].fd = -1;
    return 1;
  case ECHO: {
    ssize_t got = recvfrom(polled[i].fd, data, sizeof data, 0, (struct sockaddr *)&from, &length);
    unsigned char *packet = (unsigned char *)data;
    int header = port->family == AF_INET ? (packet[0] & 15) * 4 : 0;
    int reply = port->family == AF_INET ? 0 : 129;
    if (got < header + 8 || packet[header] != reply || (packet[header + 4] << 8 | packet[header + 5]) != port->number)
      return 0;
    char *end = strchr((char *)text(&from), ' ');
    printf("pong %s %.*s\n", port->node, (int)(end - text(&from)), text(&from));
    return 1;
  }
  case IDLE: return 0;
  }
  return 0;
}

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

// Waits for so many events, ten seconds at most, and then for events that should not come.
static void expect(int wanted) {
  int seen = 0;
  long limit = now() + (wanted > 0 ? 10000 : 50);
  while (now() < limit) {
    if (poll(polled, count, 10) > 0)
      for (int i = count; i-- > 0;)
        if (polled[i].revents) seen += look(i);
    if (wanted > 0 && seen >= wanted) {
      limit = now() + 20;
      wanted = 0;
    }
  }
  // An attempt that nobody answers must not succeed in a later step.
  for (int i = 0; i < count; i++)
    if (ports[i].kind == OPENING || ports[i].kind == ECHO) {
      close(polled[i].fd);
      polled[i].fd = -1;
      ports[i].kind = IDLE;
    }
  puts("end");
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fputs("usage: NamespaceProbe PREFIX\n", stderr);
    return 2;
  }
  prefix = argv[1];
  setvbuf(stdout, NULL, _IOLBF, 0);
  char line[3000], node[80], address[80], what[2000];
  int own, far;
  while (fgets(line, sizeof line, stdin)) {
    struct sockaddr_storage to;
    if (sscanf(line, "bind %79s %d", node, &own) == 2) {
      open_port(node, own, 0);
    } else if (sscanf(line, "listen %79s %d", node, &own) == 2) {
      open_port(node, own, 1);
    } else if (sscanf(line, "send %79s %d %79s %d %1999s", node, &own, address, &far, what) == 5) {
      socklen_t length = endpoint(address, far, &to);
      int place = datagrams(node, to.ss_family, own);
      if (place < 0) stop("socket");
      if (sendto(polled[place].fd, what, strlen(what), 0, (struct sockaddr *)&to, length) < 0) perror("send");
    } else if (sscanf(line, "connect %79s %d %79s %d", node, &own, address, &far) == 4) {
      socklen_t length = endpoint(address, far, &to);
      int made = node_socket(node, to.ss_family, SOCK_STREAM, 0);
      if (made < 0 || !bound(made, to.ss_family, own)) stop("connect");
      keep(made, OPENING, node, to.ss_family, own);
      if (connect(made, (struct sockaddr *)&to, length) != 0 && errno != EINPROGRESS) perror("connect");
    } else if (sscanf(line, "ping %79s %79s", node, address) == 2) {
      ping(node, address);
    } else if (sscanf(line, "expect %d", &own) == 1) {
      expect(own);
    } else {
      fprintf(stderr, "what is this? %s", line);
      return 2;
    }
  }
  return 0;
}

#endif
