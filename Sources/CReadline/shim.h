/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GNU Readline for Swift 6. readline.h needs stdio.h before it. Its globals are mutable state that Swift 6 refuses to
   touch; declared once more with the attribute below they may be used as they are. Only the thread that runs the
   interactive shell does so. */
#ifndef NATSH_CREADLINE_SHIM_H
#define NATSH_CREADLINE_SHIM_H

#include <stdio.h>
#include <readline/readline.h>
#include <readline/history.h>

#define NATSH_SHARED __attribute__((swift_attr("nonisolated(unsafe)")))

extern const char *rl_readline_name NATSH_SHARED;
extern char *rl_line_buffer NATSH_SHARED;
extern int rl_point NATSH_SHARED;
extern int rl_end NATSH_SHARED;
extern int rl_catch_signals NATSH_SHARED;
extern int rl_catch_sigwinch NATSH_SHARED;
extern int rl_change_environment NATSH_SHARED;
extern rl_completion_func_t *rl_attempted_completion_function NATSH_SHARED;
extern int rl_attempted_completion_over NATSH_SHARED;
extern rl_compdisp_func_t *rl_completion_display_matches_hook NATSH_SHARED;
extern const char *rl_completer_word_break_characters NATSH_SHARED;
extern const char *rl_completer_quote_characters NATSH_SHARED;
extern const char *rl_filename_quote_characters NATSH_SHARED;
extern rl_quote_func_t *rl_filename_quoting_function NATSH_SHARED;
extern rl_dequote_func_t *rl_filename_dequoting_function NATSH_SHARED;
extern int rl_completion_append_character NATSH_SHARED;
extern int rl_completion_suppress_append NATSH_SHARED;
extern int rl_sort_completion_matches NATSH_SHARED;
extern int rl_completion_query_items NATSH_SHARED;

#endif
