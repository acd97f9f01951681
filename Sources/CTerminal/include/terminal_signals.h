/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NATSH_TERMINAL_SIGNALS_H
#define NATSH_TERMINAL_SIGNALS_H

/* Opens the pipe into which every caught signal's number is written as one byte, so that a loop around poll() meets
   signals in order with the keys. Returns the end to read from, or -1 with errno set. A second call returns the same. */
int terminal_signals_open(void);

/* Catches a signal, unless whoever started the program had it ignored. */
void terminal_signals_catch(int number);

/* Catches a signal once, as terminal_signals_catch does; the next one has its default action. */
void terminal_signals_catch_once(int number);

/* Gives a signal its default action back, unless whoever started the program had it ignored. */
void terminal_signals_release(int number);

/* Whether SIGTERM, SIGHUP or SIGQUIT was caught: whoever waits for something is to stop waiting. */
int terminal_end_pending(void);

/* Lets single keys be read from descriptor 0, without echo, Enter and keys that send signals. Whatever ends or stops the
   program meanwhile, and is not caught, leaves the terminal as it was. Returns 0 where there is no terminal. */
int terminal_keys_begin(void);

/* Puts the terminal back to what it was before terminal_keys_begin. */
void terminal_keys_end(void);

/* Takes a screen of its own on descriptor 1, without a cursor, on which long lines are cut. Whatever ends or stops the
   program while single keys are read leaves it as well. */
void terminal_screen_begin(void);

/* Brings back what the terminal showed before terminal_screen_begin. */
void terminal_screen_end(void);

/* Whether SIGINT came since the last call of terminal_interrupt_clear. */
int terminal_interrupt_pending(void);
void terminal_interrupt_clear(void);

#endif
