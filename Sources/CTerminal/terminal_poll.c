/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "terminal_poll.h"

#include <limits.h>
#include <time.h>

int terminal_poll(struct pollfd *descriptors, int count, int64_t nanoseconds) {
#ifdef __linux__
  struct timespec time = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  return ppoll(descriptors, (nfds_t)count, nanoseconds < 0 ? 0 : &time, 0);
#else
  /* Never earlier than asked. */
  int64_t milliseconds = (nanoseconds + 999999) / 1000000;
  return poll(descriptors, (nfds_t)count, nanoseconds < 0 ? -1 : milliseconds > INT_MAX ? INT_MAX : (int)milliseconds);
#endif
}
