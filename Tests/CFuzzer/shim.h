/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NATSH_CFUZZER_SHIM_H
#define NATSH_CFUZZER_SHIM_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's own entry point, for programs that have a main of their own; it has no header. */
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one_input)(const uint8_t *data, size_t size));

#endif
