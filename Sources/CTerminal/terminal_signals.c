/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal_signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <termios.h>
#include <unistd.h>

static int ends[2] = {-1, -1};
static volatile sig_atomic_t interrupted = 0;
static volatile sig_atomic_t ending = 0;

static void handle(int number) {
  int kept = errno;
  unsigned char byte = (unsigned char)number;
  if (number == SIGINT) interrupted = 1;
  if (number == SIGTERM || number == SIGHUP || number == SIGQUIT) ending = 1;
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

static void set_with(int number, void (*action)(int), int flags) {
  struct sigaction old, new;
  if (sigaction(number, NULL, &old) == 0 && old.sa_handler == SIG_IGN) return;
  new.sa_handler = action;
  sigemptyset(&new.sa_mask);
  new.sa_flags = flags;
  sigaction(number, &new, NULL);
}

static void set(int number, void (*action)(int)) { set_with(number, action, SA_RESTART); }

void terminal_signals_catch(int number) { set(number, handle); }

void terminal_signals_catch_once(int number) { set_with(number, handle, SA_RESTART | SA_RESETHAND); }

void terminal_signals_release(int number) { set(number, SIG_DFL); }

int terminal_interrupt_pending(void) { return interrupted; }

void terminal_interrupt_clear(void) { interrupted = 0; }

int terminal_end_pending(void) { return ending; }

/* The modes before single keys were read, and while they are. */
static struct termios before_keys, during_keys;
static volatile sig_atomic_t reads_keys = 0;
static const int leaving[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
enum { leaving_count = sizeof leaving / sizeof leaving[0] };

/* Whether the program has a screen of its own. */
static volatile sig_atomic_t has_screen = 0;
static const char screen_on[] = "\033[?1049h\033[?7l\033[?25l";
static const char screen_off[] = "\033[0m\033[?25h\033[?7h\033[?1049l";

static void put(const char *text, size_t length) {
  while (length > 0) {
    ssize_t written = write(1, text, length);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text += written;
    length -= (size_t)written;
  }
}

void terminal_screen_begin(void) {
  has_screen = 1;
  put(screen_on, sizeof screen_on - 1);
}

void terminal_screen_end(void) {
  if (has_screen) put(screen_off, sizeof screen_off - 1);
  has_screen = 0;
}

/* tcsetattr and write may be called in a handler (POSIX.1-2017 2.4.3). */
static void put_back(int number) {
  int kept = errno;
  if (has_screen) put(screen_off, sizeof screen_off - 1);
  if (reads_keys) tcsetattr(0, TCSANOW, &before_keys);
  if (number == SIGTSTP) {
    raise(SIGSTOP);
    if (reads_keys) tcsetattr(0, TCSANOW, &during_keys);
    if (has_screen) put(screen_on, sizeof screen_on - 1);
  } else {
    /* Blocked until this returns, and then the end. */
    signal(number, SIG_DFL);
    raise(number);
  }
  errno = kept;
}

/* What was done about each signal before. Swift's runtime has handlers of its own for some. */
static struct sigaction before[leaving_count];
static int is_replaced[leaving_count];

static void watch(void) {
  for (size_t i = 0; i < leaving_count; i++) {
    is_replaced[i] = sigaction(leaving[i], NULL, &before[i]) == 0 && before[i].sa_handler != SIG_IGN &&
                     before[i].sa_handler != handle;
    if (is_replaced[i]) set(leaving[i], put_back);
  }
}

static void unwatch(void) {
  for (size_t i = 0; i < leaving_count; i++)
    if (is_replaced[i]) sigaction(leaving[i], &before[i], NULL);
}

int terminal_keys_begin(void) {
  if (tcgetattr(0, &before_keys) != 0) return 0;
  during_keys = before_keys;
  during_keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
  reads_keys = 1;
  watch();
  tcsetattr(0, TCSANOW, &during_keys);
  return 1;
}

void terminal_keys_end(void) {
  tcsetattr(0, TCSANOW, &before_keys);
  reads_keys = 0;
  unwatch();
}
