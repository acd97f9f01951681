// SPDX-License-Identifier: GPL-3.0-or-later
//
// The ends of a path that is measured, and the least that could be between them:
//
//   PathProbe sink PORT SECONDS              counts the packets that come from the first one on; prints packets a second
//   PathProbe flood ADDRESS PORT SECONDS     sends packets of 100 bytes, IP header included, as fast as it can
//   PathProbe echo PORT                      answers each packet
//   PathProbe ask ADDRESS PORT COUNT         sends one, waits for its answer, pauses; prints the round trips' median and
//                                            99th percentile in microseconds
//   PathProbe copy NAMESPACE NAMESPACE       makes a TUN device in each and copies packets from one to the other

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// With 20 bytes of IPv4 and 8 of UDP they are 100.
enum { PAYLOAD = 72, BATCH = 64, PAUSE = 1000 };

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static struct sockaddr_in endpoint(const char *address, const char *port) {
  struct sockaddr_in endpoint = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port))};
  if (address != NULL && inet_pton(AF_INET, address, &endpoint.sin_addr) != 1) fail(address);
  return endpoint;
}

static int bound(const char *port) {
  int sock = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in own = endpoint(NULL, port);
#ifdef SO_RCVBUFFORCE
  int room = 1 << 22;
  setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
#endif
  if (bind(sock, (struct sockaddr *)&own, sizeof own) < 0) fail("bind");
  return sock;
}

static int connected(const char *address, const char *port) {
  int sock = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in other = endpoint(address, port);
  if (connect(sock, (struct sockaddr *)&other, sizeof other) < 0) fail("connect");
  return sock;
}

#ifdef __linux__
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>

static void prepare(struct mmsghdr *messages, struct iovec *pieces, char (*space)[256], size_t length) {
  memset(messages, 0, BATCH * sizeof *messages);
  for (int i = 0; i < BATCH; i++) {
    pieces[i] = (struct iovec){space[i], length};
    messages[i].msg_hdr.msg_iov = &pieces[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
}

static void sink(const char *port, double seconds) {
  static char space[BATCH][256];
  struct mmsghdr messages[BATCH];
  struct iovec pieces[BATCH];
  int sock = bound(port);
  prepare(messages, pieces, space, sizeof space[0]);
  if (recv(sock, space[0], sizeof space[0], 0) < 0) fail("recv");
  double begin = now(), end = begin + seconds, last = begin;
  long count = 0;
  struct pollfd waiting = {sock, POLLIN, 0};
  while (last < end) {
    int got = recvmmsg(sock, messages, BATCH, MSG_DONTWAIT, NULL);
    if (got > 0) count += got;
    last = now();
    if (got <= 0 && poll(&waiting, 1, 1000) == 0) break;
  }
  printf("%.0f\n", (double)count / (last - begin));
}

static void flood(const char *address, const char *port, double seconds) {
  static char space[BATCH][256];
  struct mmsghdr messages[BATCH];
  struct iovec pieces[BATCH];
  int sock = connected(address, port);
  prepare(messages, pieces, space, PAYLOAD);
  double end = now() + seconds;
  struct pollfd waiting = {sock, POLLOUT, 0};
  while (now() < end)
    if (sendmmsg(sock, messages, BATCH, 0) < 0 && (errno == ENOBUFS || errno == EAGAIN)) poll(&waiting, 1, 1);
}

static int device(const char *namespace) {
  char path[256];
  struct ifreq request;
  snprintf(path, sizeof path, "/run/netns/%s", namespace);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0 || setns(file, CLONE_NEWNET) < 0) fail(path);
  close(file);
  memset(&request, 0, sizeof request);
  strcpy(request.ifr_name, "path");
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (tun < 0 || ioctl(tun, TUNSETIFF, &request) < 0) fail("/dev/net/tun");
  return tun;
}

static void copy(const char *first, const char *second) {
  static char packet[65600];
  int devices[2] = {device(first), device(second)};
  for (;;) {
    struct pollfd waiting[2] = {{devices[0], POLLIN, 0}, {devices[1], POLLIN, 0}};
    if (poll(waiting, 2, -1) < 0) fail("poll");
    for (int side = 0; side < 2; side++)
      for (int i = 0; i < BATCH; i++) {
        ssize_t got = read(devices[side], packet, sizeof packet);
        if (got <= 0) break;
        if (write(devices[1 - side], packet, (size_t)got) < 0) continue;
      }
  }
}
#endif

static void echo(const char *port) {
  char packet[2048];
  int sock = bound(port);
  for (;;) {
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    ssize_t got = recvfrom(sock, packet, sizeof packet, 0, (struct sockaddr *)&from, &length);
    if (got >= 0) sendto(sock, packet, (size_t)got, 0, (struct sockaddr *)&from, length);
  }
}

static int earlier(const void *a, const void *b) {
  double first = *(const double *)a, second = *(const double *)b;
  return (first > second) - (first < second);
}

static void ask(const char *address, const char *port, int count) {
  char packet[2048] = {0};
  int sock = connected(address, port), answered = 0;
  double *trips = calloc((size_t)count, sizeof *trips);
  struct pollfd waiting = {sock, POLLIN, 0};
  for (int i = 0; i < count; i++) {
    double sent = now();
    send(sock, packet, PAYLOAD, 0);
    if (poll(&waiting, 1, 1000) > 0 && recv(sock, packet, sizeof packet, 0) > 0) trips[answered++] = now() - sent;
    usleep(PAUSE);
  }
  if (answered == 0) fail("no answer");
  qsort(trips, (size_t)answered, sizeof *trips, earlier);
  printf("%.1f %.1f\n", trips[answered / 2] * 1e6, trips[(long)answered * 99 / 100] * 1e6);
}

int main(int count, char **words) {
  const char *role = count > 1 ? words[1] : "";
  if (strcmp(role, "echo") == 0 && count == 3) echo(words[2]);
  if (strcmp(role, "ask") == 0 && count == 5) return ask(words[2], words[3], atoi(words[4])), 0;
#ifdef __linux__
  if (strcmp(role, "sink") == 0 && count == 4) return sink(words[2], atof(words[3])), 0;
  if (strcmp(role, "flood") == 0 && count == 5) return flood(words[2], words[3], atof(words[4])), 0;
  if (strcmp(role, "copy") == 0 && count == 4) copy(words[2], words[3]);
#endif
  fprintf(stderr, "see the beginning of main.c\n");
  return 2;
}
