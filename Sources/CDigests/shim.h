/* SPDX-License-Identifier: GPL-3.0-or-later */

/* libmd's digests, which STUN's integrity and TURN's credentials are computed with. */
#ifndef NATSH_CDIGESTS_SHIM_H
#define NATSH_CDIGESTS_SHIM_H

#include <stdint.h>
#include <sys/types.h>
#include <md5.h>
#include <sha1.h>
#include <sha2.h>

#endif
