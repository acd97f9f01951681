/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NATSH_TERMINAL_SLICE_H
#define NATSH_TERMINAL_SLICE_H

/* Asks the system to let the calling thread, once it wakes, compute at once and for short: what it has to do for a key takes
   less than a millisecond. Linux 6.12 and later does; elsewhere nothing happens. */
void terminal_take_short_slices(void);

#endif
