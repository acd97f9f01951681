/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NATSH_NAMESPACES_H
#define NATSH_NAMESPACES_H

#include <stddef.h>
#include <stdint.h>

/* Places of hosts, on Linux: each is a network, mount, process and name space of its own, kept by a warden, which is the
   first process in it. Nothing has a name outside these processes: when the process that opened a place ends, however it
   ends, the warden ends, and with it all that runs in the place. Elsewhere every function fails with ENOSYS. */

/* An address and the length of its network's prefix. */
struct namespaces_address {
  /* 4 or 6. */
  int version;
  unsigned char bytes[16];
  int prefix;
};

/* What a place looks like from inside. */
struct namespaces_plan {
  const char *name;
  const struct namespaces_address *addresses;
  int address_count;
  int mtu;
  /* The text of /etc/hosts and of /etc/resolv.conf. */
  const char *hosts;
  const char *resolver;
};

enum { NAMESPACES_OFFLOAD_LENGTH = 10 };

struct namespaces_place {
  /* The warden, as the opener sees it. */
  int process;
  /* Requests to the warden, and its news; closing it ends the place. */
  int control;
  /* The TUN device: each read and each write is a header of NAMESPACES_OFFLOAD_LENGTH bytes, struct virtio_net_hdr, and
     an IP packet, or a bundle of TCP segments or UDP datagrams. It does not block. */
  int device;
  /* Whether bundles of UDP datagrams may be written. */
  int takes_datagrams;
  /* /etc/hosts, to be written again. */
  int hosts;
};

/* Takes a user namespace in which the process is root, as it may not open places otherwise; the process must have one
   thread. Returns -1 with errno set. */
int namespaces_become_root(void);

/* Opens a place. Returns -1 with errno set, and what failed in `step`. */
int namespaces_open(const struct namespaces_plan *plan, struct namespaces_place *place, char *step, size_t room);

/* Has the warden start a program as number `number`: `strings` are `words` words and then the environment, each with a
   zero at its end. It gets `streams` as its descriptors 0 to 2, and the terminal of descriptor 0 if it is to take it.
   Returns -1 with errno set. */
int namespaces_start(int control, int number, const int streams[3], int takes_terminal, const char *strings,
                     size_t length, int words);

/* Sends a signal to a program and to all in its process group. */
int namespaces_signal(int control, int number, int signal);

/* Sets the MTU of the place's device. */
int namespaces_set_mtu(int control, int mtu);

/* The end of a program. */
struct namespaces_end {
  int number;
  /* Its exit status, or 128 and the signal that ended it. */
  int status;
};

/* Takes the news of a program's end. Returns 1 if there was one, 0 if there is none yet, -1 if the place is gone. */
int namespaces_take_end(int control, struct namespaces_end *end);

/* The process's environment: strings up to a null pointer. */
char **namespaces_environment(void);

/* Gives the terminal of descriptor 0 back to the process. */
void namespaces_take_terminal(void);

/* Whether descriptor 0 is a terminal at which the process is in the foreground. */
int namespaces_has_terminal(void);

#endif
