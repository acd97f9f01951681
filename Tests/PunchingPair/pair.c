// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two peers that punch a hole, and the server where they meet: what `natsh lab --matrix` runs in the tests, and an
// example for docs/lab.md.
//
//     PunchingPair server [PORT]     tells each of two peers where it sees the other
//     PunchingPair peer [PORT]       meets NATSH_PEER by way of NATSH_SERVER, as NATSH_SELF; exit status 0 if both hear
//                                    each other
//
// A message is a line: "hello NAME" to the server, "peer ADDRESS PORT" from it, "probe 0" between the peers, or "probe 1"
// from one that has heard the other.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PORT = 4000, EVERY_MS = 100, PATIENCE_MS = 6000, GOODBYES = 8 };

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int say(int connection, const struct sockaddr_in *to, const char *text) {
  return (int)sendto(connection, text, strlen(text), 0, (const struct sockaddr *)to, sizeof *to);
}

// Takes the next message within `patience` milliseconds; returns its length, or -1.
static long hear(int connection, struct sockaddr_in *from, char *text, size_t room, long patience) {
  struct pollfd waiting = {connection, POLLIN, 0};
  socklen_t length = sizeof *from;
  if (poll(&waiting, 1, patience < 0 ? 0 : (int)patience) <= 0) return -1;
  long got = recvfrom(connection, text, room - 1, 0, (struct sockaddr *)from, &length);
  if (got >= 0) text[got] = 0;
  return got;
}

static void serve(int connection) {
  struct sockaddr_in guests[2], from;
  char names[2][64], text[128], name[64];
  int count = 0;
  for (;;) {
    if (hear(connection, &from, text, sizeof text, 1000) < 0 || sscanf(text, "hello %63s", name) != 1) continue;
    int place = 0;
    while (place < count && strcmp(names[place], name) != 0) place++;
    if (place == 2) continue;
    if (place == count) count++;
    strcpy(names[place], name);
    guests[place] = from;
    for (int i = 0; count == 2 && i < 2; i++) {
      const struct sockaddr_in *other = &guests[1 - i];
      snprintf(text, sizeof text, "peer %s %d", inet_ntoa(other->sin_addr), ntohs(other->sin_port));
      say(connection, &guests[i], text);
    }
  }
}

static int meet(int connection, const struct sockaddr_in *server, const char *name) {
  struct sockaddr_in from, peer;
  char text[128], address[64];
  int is_told = 0, has_heard = 0, is_heard = 0, goodbyes = 0, state = 0;
  unsigned short port;
  long end = now() + PATIENCE_MS, next = 0;
  while (now() < end && goodbyes < GOODBYES) {
    if (now() >= next) {
      next = now() + EVERY_MS;
      snprintf(text, sizeof text, is_told ? "probe %s" : "hello %s", is_told ? has_heard ? "1" : "0" : name);
      say(connection, is_told ? &peer : server, text);
      // The other has to learn that it is heard, too.
      if (has_heard && is_heard) goodbyes++;
    }
    if (hear(connection, &from, text, sizeof text, next - now()) < 0) continue;
    if (!is_told && sscanf(text, "peer %63s %hu", address, &port) == 2) {
      memset(&peer, 0, sizeof peer);
      peer.sin_family = AF_INET;
      peer.sin_port = htons(port);
      is_told = inet_aton(address, &peer.sin_addr);
    } else if (is_told && sscanf(text, "probe %d", &state) == 1) {
      // It may come from elsewhere than the server saw; that is where it can be answered.
      peer = from;
      has_heard = 1;
      if (state == 1) is_heard = 1;
    }
  }
  printf("%s: told %d, heard the other %d, was heard %d\n", name, is_told, has_heard, is_heard);
  return has_heard && is_heard ? 0 : 1;
}

int main(int count, char **words) {
  const char *name = getenv("NATSH_SELF"), *address = getenv("NATSH_SERVER");
  int is_server = count > 1 && strcmp(words[1], "server") == 0;
  if (count < 2 || name == NULL || address == NULL) {
    fprintf(stderr, "usage: %s server|peer [PORT], in natsh lab --matrix\n", words[0]);
    return 2;
  }
  struct sockaddr_in own = {.sin_family = AF_INET}, server = {.sin_family = AF_INET};
  server.sin_port = htons((unsigned short)(count > 2 ? atoi(words[2]) : PORT));
  if (inet_aton(address, &server.sin_addr) == 0) return 2;
  if (is_server) own.sin_port = server.sin_port;
  int connection = socket(AF_INET, SOCK_DGRAM, 0);
  if (connection < 0 || bind(connection, (struct sockaddr *)&own, sizeof own) < 0) {
    perror("PunchingPair");
    return 2;
  }
  if (is_server) serve(connection);
  return meet(connection, &server, name);
}
