/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NATSH_TERMINAL_POLL_H
#define NATSH_TERMINAL_POLL_H

#include <poll.h>
#include <stdint.h>

/* poll() with a time in nanoseconds, as fine as the system has it; negative is for ever. */
int terminal_poll(struct pollfd *descriptors, int count, int64_t nanoseconds);

#endif
