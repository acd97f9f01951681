// SPDX-License-Identifier: GPL-3.0-or-later

#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

extern char **environ;

char **namespaces_environment(void) { return environ; }

#ifdef __linux__
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int write_text(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return -1;
  ssize_t put = write(file, text, strlen(text));
  int error = errno;
  close(file);
  errno = error;
  return put < 0 ? -1 : 0;
}

int namespaces_become_root(void) {
  char map[64];
  unsigned user = geteuid(), group = getegid();
  if (unshare(CLONE_NEWUSER) < 0) return -1;
  // A user may map only itself, and only after giving up on other groups.
  write_text("/proc/self/setgroups", "deny");
  snprintf(map, sizeof map, "0 %u 1", user);
  if (write_text("/proc/self/uid_map", map) < 0) return -1;
  snprintf(map, sizeof map, "0 %u 1", group);
  return write_text("/proc/self/gid_map", map);
}

static void close_both(const int ends[2]) {
  int error = errno;
  close(ends[0]);
  close(ends[1]);
  errno = error;
}

int namespaces_open(const struct namespaces_plan *plan, struct namespaces_place *place, char *step, size_t room) {
  int ends[2], descriptors[3], count = 0;
  struct warden_greeting greeting;
  snprintf(step, room, "%s", "making namespaces");
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) return -1;
  // No signal may meet handlers of the opener's in the child.
  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  long flags = CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | SIGCHLD;
  long process = syscall(SYS_clone, flags, 0, NULL, NULL, 0);
  if (process == 0) warden_keep(plan, ends[1]);
  int error = errno;
  sigprocmask(SIG_SETMASK, &before, NULL);
  errno = error;
  if (process < 0) {
    close_both(ends);
    return -1;
  }
  close(ends[1]);
  ends[1] = -1;
  long got = control_take(ends[0], &greeting, sizeof greeting, descriptors, &count, 0);
  if (got != sizeof greeting || greeting.error != 0 || count != 2) {
    error = got == sizeof greeting && greeting.error != 0 ? greeting.error : EIO;
    if (got == sizeof greeting) snprintf(step, room, "%s", greeting.step);
    close(ends[0]);
    waitpid((pid_t)process, NULL, 0);
    errno = error;
    return -1;
  }
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  place->process = (int)process;
  place->control = ends[0];
  place->device = descriptors[0];
  place->takes_datagrams = greeting.takes_datagrams;
  place->hosts = descriptors[1];
  return 0;
}

int namespaces_start(int control, int number, const int streams[3], int takes_terminal, const char *strings,
                     size_t length, int words) {
  static struct {
    struct warden_request request;
    char strings[WARDEN_STRINGS];
  } message;
  if (length > sizeof message.strings) {
    errno = E2BIG;
    return -1;
  }
  message.request = (struct warden_request){WARDEN_START, number, words, takes_terminal};
  memcpy(message.strings, strings, length);
  return control_send(control, &message, sizeof message.request + length, streams, 3) < 0 ? -1 : 0;
}

int namespaces_signal(int control, int number, int signal) {
  struct warden_request request = {WARDEN_SIGNAL, number, signal, 0};
  return control_send(control, &request, sizeof request, NULL, 0) < 0 ? -1 : 0;
}

int namespaces_set_mtu(int control, int mtu) {
  struct warden_request request = {WARDEN_MTU, 0, mtu, 0};
  return control_send(control, &request, sizeof request, NULL, 0) < 0 ? -1 : 0;
}

int namespaces_take_end(int control, struct namespaces_end *end) {
  long got = control_take(control, end, sizeof *end, NULL, NULL, MSG_DONTWAIT);
  if (got == sizeof *end) return 1;
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? 0 : -1;
}

void namespaces_take_terminal(void) {
  sigset_t output, before;
  sigemptyset(&output);
  sigaddset(&output, SIGTTOU);
  sigprocmask(SIG_BLOCK, &output, &before);
  tcsetpgrp(0, getpgrp());
  sigprocmask(SIG_SETMASK, &before, NULL);
}

int namespaces_has_terminal(void) { return isatty(0) && tcgetpgrp(0) == getpgrp(); }

#else

static int refuse(void) {
  errno = ENOSYS;
  return -1;
}

int namespaces_become_root(void) { return refuse(); }
int namespaces_open(const struct namespaces_plan *plan, struct namespaces_place *place, char *step, size_t room) {
  snprintf(step, room, "%s", "making namespaces");
  return refuse();
}
int namespaces_start(int control, int number, const int streams[3], int takes_terminal, const char *strings,
                     size_t length, int words) {
  return refuse();
}
int namespaces_signal(int control, int number, int signal) { return refuse(); }
int namespaces_set_mtu(int control, int mtu) { return refuse(); }
int namespaces_take_end(int control, struct namespaces_end *end) { return refuse(); }
void namespaces_take_terminal(void) {}
int namespaces_has_terminal(void) { return 0; }
#endif
