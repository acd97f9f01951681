/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal_signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static int ends[2] = {-1, -1};
static volatile sig_atomic_t interrupted = 0;

static void handle(int number) {
  int kept = errno;
  unsigned char byte = (unsigned char)number;
  if (number == SIGINT) interrupted = 1;
  /* A full pipe already holds a thousand signals that nobody has read yet: one more tells nothing new. */
  if (write(ends[1], &byte, 1) < 0) errno = 0;
  errno = kept;
}

int terminal_signals_open(void) {
  if (ends[0] >= 0) return ends[0];
  if (pipe(ends) != 0) return -1;
  for (int i = 0; i < 2; i++) {
    fcntl(ends[i], F_SETFD, FD_CLOEXEC);
    fcntl(ends[i], F_SETFL, O_NONBLOCK);
  }
  return ends[0];
}

static void set(int number, void (*action)(int)) {
  struct sigaction old, new;
  if (sigaction(number, NULL, &old) == 0 && old.sa_handler == SIG_IGN) return;
  new.sa_handler = action;
  sigemptyset(&new.sa_mask);
  new.sa_flags = SA_RESTART;
  sigaction(number, &new, NULL);
}

void terminal_signals_catch(int number) { set(number, handle); }

void terminal_signals_release(int number) { set(number, SIG_DFL); }

int terminal_interrupt_pending(void) { return interrupted; }

void terminal_interrupt_clear(void) { interrupted = 0; }
