/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal_signals.h"
#include "terminal_poll.h"
#include "terminal_slice.h"
