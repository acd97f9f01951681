// SPDX-License-Identifier: GPL-3.0-or-later
//
// The setup of router.c's router; a part of that file, which includes it once.

// MARK: Setting up

static void write_file(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) give_up("%s: %s", path, strerror(errno));
  ssize_t written = write(file, text, strlen(text));
  if (written != (ssize_t)strlen(text)) give_up("%s: %s", path, strerror(errno));
  close(file);
}

static void run(const char *script, ...) {
  char command[2048];
  va_list arguments;
  va_start(arguments, script);
  vsnprintf(command, sizeof command, script, arguments);
  va_end(arguments);
  // Its output must not get among the answers.
  char whole[2400];
  snprintf(whole, sizeof whole,
           "exec 1>&2 </dev/null; set -e; "
           "no_ipv6() { file=/proc/sys/net/ipv6/conf/$1/disable_ipv6; [ ! -e $file ] || echo 1 >$file; }; %s",
           command);
  int status = system(whole);
  if (status != 0) give_up("failed (%d): %s", status, command);
}

static int own_namespace(void) {
  int file = open("/proc/self/ns/net", O_RDONLY);
  if (file < 0) give_up("/proc/self/ns/net: %s", strerror(errno));
  return file;
}

static void enter(int space) {
  if (setns(space, CLONE_NEWNET) < 0) give_up("setns: %s", strerror(errno));
}

// Checksums must be complete where a packet is inspected.
static void compute_checksums(const char *name) {
  int control = socket(AF_INET, SOCK_DGRAM, 0);
  struct ethtool_value value = {.cmd = ETHTOOL_STXCSUM, .data = 0};
  struct ifreq request = {0};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  request.ifr_data = (void *)&value;
  if (ioctl(control, SIOCETHTOOL, &request) < 0) give_up("checksums of %s: %s", name, strerror(errno));
  close(control);
}

static int packet_socket(const char *name) {
  struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP)};
  int one = 1, room = 4 << 20;
  int opened = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
  if (opened < 0) give_up("a packet socket: %s", strerror(errno));
  address.sll_ifindex = (int)if_nametoindex(name);
  setsockopt(opened, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one);
  setsockopt(opened, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  if (bind(opened, (struct sockaddr *)&address, sizeof address) < 0) give_up("bind to %s: %s", name, strerror(errno));
  return opened;
}

static void set_parameter(const char *name, const char *value) {
  char path[256] = "/proc/sys/net/";
  strncat(path, name, sizeof path - strlen(path) - 1);
  write_file(path, value);
}

// The value of the option NAME=; NULL if it is not given.
static const char *option(char **arguments, int count, const char *name) {
  size_t length = strlen(name);
  for (int i = 3; i < count; i++)
    if (strncmp(arguments[i], name, length) == 0 && arguments[i][length] == '=') return arguments[i] + length + 1;
  return NULL;
}

static void set_up(char **arguments, int count) {
  const char *outside = arguments[0], *inside = arguments[1], *prefix = arguments[2];
  const char *pool = option(arguments, count, "pool"), *mtu = option(arguments, count, "mtu");
  char snat[96] = "masquerade", limit[32] = "";
  if (pool != NULL) snprintf(snat, sizeof snat, "snat to %s persistent", pool);
  if (mtu != NULL) snprintf(limit, sizeof limit, "mtu %s", mtu);
  char map[64];
  uid_t user = getuid();
  gid_t group = getgid();
  if (user != 0) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0) give_up("unshare: %s", strerror(errno));
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %u 1", user);
    write_file("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %u 1", group);
    write_file("/proc/self/gid_map", map);
  } else if (unshare(CLONE_NEWNET) < 0) {
    give_up("unshare: %s", strerror(errno));
  }
  int far = own_namespace();
  if (unshare(CLONE_NEWNET) < 0) give_up("unshare: %s", strerror(errno));
  int router = own_namespace();
  enter(far);
  run("for side in 1 2; do "
      "ip link add far$side address 02:00:00:00:00:09 type veth peer name near$side address 02:00:00:00:00:0$side; "
      "ip link set near$side netns /proc/%d/fd/%d; "
      "no_ipv6 far$side; ip link set far$side arp off up; done",
      (int)getpid(), router);
  enter(router);
  run("for side in 1 2; do no_ipv6 near$side; ip link set near$side up; done; "
      "ip link set lo up; ip addr add %s/32 dev near1; ip addr add %s/32 dev near2; "
      "ip neigh add 169.254.0.9 lladdr 02:00:00:00:00:09 dev near1 nud permanent; "
      "ip neigh add 169.254.0.9 lladdr 02:00:00:00:00:09 dev near2 nud permanent; "
      "ip route add %s via 169.254.0.9 dev near1 onlink src %s; "
      "ip route add default via 169.254.0.9 dev near2 onlink src %s %s",
      inside, outside, prefix, inside, outside, limit);
  run("printf '%%s\\n' 'add table ip natsh' "
      "'add chain ip natsh first { type filter hook prerouting priority raw; }' "
      "'add rule ip natsh first ip protocol %d notrack' "
      "'add chain ip natsh after { type nat hook postrouting priority srcnat; }' "
      "'add rule ip natsh after oifname near2 %s' "
      "'add map ip natsh forward_udp { type inet_service : ipv4_addr . inet_service; }' "
      "'add map ip natsh forward_tcp { type inet_service : ipv4_addr . inet_service; }' "
      "'add chain ip natsh before { type nat hook prerouting priority dstnat; }' "
      "'add rule ip natsh before iifname near2 ip daddr %s dnat ip to udp dport map @forward_udp' "
      "'add rule ip natsh before iifname near2 ip daddr %s dnat ip to tcp dport map @forward_tcp' | nft -f -",
      MARKER_PROTOCOL, snat, outside, outside);
  if (option(arguments, count, "input") != NULL)
    run("printf '%%s\\n' 'add chain ip natsh input { type filter hook input priority filter; }' "
        "'add rule ip natsh input iifname near1 icmp type echo-request accept' "
        "'add rule ip natsh input iifname near1 ip daddr %s accept' "
        "'add rule ip natsh input drop' | nft -f -", inside);
  if (pool != NULL) {
    // Each address of the pool is the router's own.
    unsigned first = ntohl(inet_addr(outside)), last = ntohl(inet_addr(strchr(pool, '-') + 1));
    for (unsigned address = first + 1; address <= last; address++) {
      struct in_addr more = {htonl(address)};
      run("ip addr add %s/32 dev near2", inet_ntoa(more));
    }
  }
  set_parameter("ipv4/ip_forward", "1");
  set_parameter("ipv4/icmp_ratemask", "0");
  set_parameter("ipv4/conf/all/send_redirects", "0");
  for (int side = 1; side <= 2; side++) {
    char name[64];
    snprintf(name, sizeof name, "ipv4/conf/near%d/send_redirects", side);
    set_parameter(name, "0");
    snprintf(name, sizeof name, "ipv4/conf/near%d/rp_filter", side);
    set_parameter(name, "0");
    snprintf(name, sizeof name, "near%d", side);
    compute_checksums(name);
  }
  set_parameter("ipv4/conf/all/rp_filter", "0");
  for (int i = 3; i < count; i++) {
    char *value = strchr(arguments[i], '=');
    if (value == NULL) give_up("not NAME=VALUE: %s", arguments[i]);
    if (memchr(arguments[i], '/', (size_t)(value - arguments[i])) == NULL) continue;
    *value++ = 0;
    set_parameter(arguments[i], value);
  }
  enter(far);
  sockets[INSIDE] = packet_socket("far1");
  sockets[OUTSIDE] = packet_socket("far2");
  // From here on only the router's namespace is read: its parameters and its connections.
  enter(router);
  // One processor handles everything, in the order in which it was sent.
  cpu_set_t processors;
  CPU_ZERO(&processors);
  CPU_SET(sched_getcpu(), &processors);
  sched_setaffinity(0, sizeof processors, &processors);
}
