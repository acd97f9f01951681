// SPDX-License-Identifier: GPL-3.0-or-later

#ifdef __linux__
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// A request to the kernel's routing: a header, the fixed part of its kind, and attributes.
struct request {
  struct nlmsghdr header;
  union {
    struct ifinfomsg link;
    struct ifaddrmsg address;
    struct rtmsg route;
  } body;
  unsigned char attributes[128];
};

static void begin(struct request *request, int type, int flags, size_t body) {
  memset(request, 0, sizeof *request);
  request->header.nlmsg_len = (unsigned)NLMSG_LENGTH(body);
  request->header.nlmsg_type = (unsigned short)type;
  request->header.nlmsg_flags = (unsigned short)(NLM_F_REQUEST | NLM_F_ACK | flags);
}

static void add(struct request *request, int type, const void *data, size_t length) {
  struct rtattr *attribute = (struct rtattr *)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len));
  attribute->rta_type = (unsigned short)type;
  attribute->rta_len = (unsigned short)RTA_LENGTH(length);
  memcpy(RTA_DATA(attribute), data, length);
  request->header.nlmsg_len = (unsigned)(NLMSG_ALIGN(request->header.nlmsg_len) + RTA_ALIGN(attribute->rta_len));
}

static int carry_out(int netlink, const struct request *request) {
  char reply[4096];
  if (send(netlink, request, request->header.nlmsg_len, 0) < 0) return -1;
  ssize_t got = recv(netlink, reply, sizeof reply, 0);
  if (got < 0) return -1;
  const struct nlmsghdr *header = (const struct nlmsghdr *)reply;
  if (got < (ssize_t)NLMSG_LENGTH(sizeof(struct nlmsgerr)) || header->nlmsg_type != NLMSG_ERROR) {
    errno = EPROTO;
    return -1;
  }
  errno = -((const struct nlmsgerr *)NLMSG_DATA(header))->error;
  return errno == 0 ? 0 : -1;
}

int netlink_open(void) { return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE); }

int netlink_set_up(int netlink, unsigned link, int mtu, int queue) {
  struct request request;
  begin(&request, RTM_NEWLINK, 0, sizeof request.body.link);
  request.body.link.ifi_index = (int)link;
  request.body.link.ifi_flags = IFF_UP;
  request.body.link.ifi_change = IFF_UP;
  unsigned values[2] = {(unsigned)mtu, (unsigned)queue};
  if (mtu > 0) add(&request, IFLA_MTU, &values[0], sizeof values[0]);
  if (queue > 0) add(&request, IFLA_TXQLEN, &values[1], sizeof values[1]);
  return carry_out(netlink, &request);
}

int netlink_add_address(int netlink, unsigned link, const struct namespaces_address *address) {
  struct request request;
  size_t length = address->version == 4 ? 4 : 16;
  begin(&request, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, sizeof request.body.address);
  request.body.address.ifa_family = address->version == 4 ? AF_INET : AF_INET6;
  request.body.address.ifa_prefixlen = (unsigned char)address->prefix;
  // Nobody on a link of natsh's asks whether an address is taken.
  request.body.address.ifa_flags = address->version == 4 ? 0 : IFA_F_NODAD;
  request.body.address.ifa_index = link;
  add(&request, IFA_LOCAL, address->bytes, length);
  add(&request, IFA_ADDRESS, address->bytes, length);
  return carry_out(netlink, &request);
}

int netlink_add_default_route(int netlink, unsigned link, int version, const struct namespaces_address *source) {
  struct request request;
  begin(&request, RTM_NEWROUTE, NLM_F_CREATE, sizeof request.body.route);
  request.body.route.rtm_family = version == 4 ? AF_INET : AF_INET6;
  request.body.route.rtm_table = RT_TABLE_MAIN;
  request.body.route.rtm_protocol = RTPROT_BOOT;
  request.body.route.rtm_scope = version == 4 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  request.body.route.rtm_type = RTN_UNICAST;
  unsigned index = link;
  add(&request, RTA_OIF, &index, sizeof index);
  add(&request, RTA_PREFSRC, source->bytes, version == 4 ? 4 : 16);
  return carry_out(netlink, &request);
}
#endif
