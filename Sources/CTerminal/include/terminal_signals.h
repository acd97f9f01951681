/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NATSH_TERMINAL_SIGNALS_H
#define NATSH_TERMINAL_SIGNALS_H

/* Opens the pipe into which every caught signal's number is written as one byte, so that a loop around poll() meets
   signals in order with the keys. Returns the end to read from, or -1 with errno set. A second call returns the same. */
int terminal_signals_open(void);

/* Catches a signal, unless whoever started the program had it ignored. */
void terminal_signals_catch(int number);

/* Gives a signal its default action back, unless whoever started the program had it ignored. */
void terminal_signals_release(int number);

/* Whether SIGINT came since the last call of terminal_interrupt_clear. */
int terminal_interrupt_pending(void);
void terminal_interrupt_clear(void);

#endif
