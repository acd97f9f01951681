/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NATSH_NAMESPACES_INTERNAL_H
#define NATSH_NAMESPACES_INTERNAL_H

#include "include/CNamespaces.h"

enum { WARDEN_STRINGS = 160 * 1024, WARDEN_STEP = 64 };

/* A request to the warden; the strings of a start follow, and its streams come with it. */
struct warden_request {
  enum { WARDEN_START, WARDEN_SIGNAL, WARDEN_MTU } kind;
  int number;
  /* A signal, an MTU, or how many of the strings are words of a command. */
  int value;
  int takes_terminal;
};

/* The warden's first message; the device and the hosts file come with it unless it failed. */
struct warden_greeting {
  int error;
  char step[WARDEN_STEP];
  /* Whether the device takes bundles of UDP datagrams. */
  int takes_datagrams;
};

/* Keeps a place until its control socket closes; never returns. Runs between clone and exec, so it allocates nothing. */
_Noreturn void warden_keep(const struct namespaces_plan *plan, int control);

/* Sends or takes `length` bytes and up to three descriptors over a control socket. */
long control_send(int control, const void *data, size_t length, const int *descriptors, int count);
long control_take(int control, void *data, size_t length, int *descriptors, int *count, int flags);

/* Changes the present network namespace; each returns -1 with errno set. An MTU or a length of the queue, in packets, of 0
   leaves what there is. */
int netlink_open(void);
int netlink_set_up(int netlink, unsigned link, int mtu, int queue);
int netlink_add_address(int netlink, unsigned link, const struct namespaces_address *address);
int netlink_add_default_route(int netlink, unsigned link, int version, const struct namespaces_address *source);

#endif
