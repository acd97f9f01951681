// SPDX-License-Identifier: GPL-3.0-or-later

#ifdef __linux__
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char device_name[] = "natsh";
enum { CONTROL = 3, MOST_PROGRAMS = 1024, MOST_WORDS = 4096, QUEUE_LENGTH = 1000 };

static struct {
  pid_t process;
  int number;
  int takes_terminal;
} programs[MOST_PROGRAMS];

// Older headers lack these.
#ifndef TUN_F_USO4
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif

// MARK: Furnishing

static void write_file(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  if (write(file, text, strlen(text)) < 0) errno = 0;
  close(file);
}

// The kernel asks for nobody's advice on a link of natsh's, whose devices advertise nothing.
static void quieten(void) {
  write_file("/proc/sys/net/ipv6/conf/natsh/accept_ra", "0");
  write_file("/proc/sys/net/ipv6/conf/natsh/router_solicitations", "0");
  write_file("/proc/sys/net/ipv6/conf/natsh/addr_gen_mode", "1");
}

static int open_device(const struct namespaces_plan *plan, int *takes_datagrams, const char **step) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strcpy(request.ifr_name, device_name);
  request.ifr_flags = IFF_TUN | IFF_NO_PI | IFF_VNET_HDR;
  *step = "opening /dev/net/tun";
  int device = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (device < 0) return -1;
  *step = "making the device";
  if (ioctl(device, TUNSETIFF, &request) < 0) return -1;
  // Segments and datagrams come and go in bundles, and without checksums. A kernel that does not know how (of datagrams,
  // one before Linux 6.2) cuts and sums as ever.
  unsigned offload = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;
  *takes_datagrams = ioctl(device, TUNSETOFFLOAD, offload | TUN_F_USO4 | TUN_F_USO6) == 0;
  if (!*takes_datagrams && ioctl(device, TUNSETOFFLOAD, offload) < 0) errno = 0;
  *step = "setting up the device";
  unsigned link = if_nametoindex(device_name), loopback = if_nametoindex("lo");
  int netlink = netlink_open();
  if (netlink < 0 || netlink_set_up(netlink, loopback, 0, 0) < 0) return -1;
  quieten();
  if (netlink_set_up(netlink, link, plan->mtu, QUEUE_LENGTH) < 0) return -1;
  *step = "giving the device its addresses";
  int has_route[2] = {0, 0};
  for (int i = 0; i < plan->address_count; i++) {
    const struct namespaces_address *address = &plan->addresses[i];
    // The kernel takes IPv6 off a device whose MTU is too small for it.
    if (address->version == 6 && plan->mtu < 1280) continue;
    if (netlink_add_address(netlink, link, address) < 0) return -1;
    if (has_route[address->version == 6]) continue;
    if (netlink_add_default_route(netlink, link, address->version, address) < 0) return -1;
    has_route[address->version == 6] = 1;
  }
  close(netlink);
  return device;
}

static int place_file(const char *path, const char *at, const char *text) {
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return -1;
  if (write(file, text, strlen(text)) < 0) return -1;
  // A machine without the file has nothing that could be covered.
  if (mount(path, at, NULL, MS_BIND, NULL) < 0) errno = 0;
  return file;
}

// Puts the two files over the machine's own, for this place alone. They are kept by a file system in memory that is
// detached at once; their own mounts hold them.
static int place_files(const struct namespaces_plan *plan, const char **step) {
  *step = "making a private view of the files";
  if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) return -1;
  if (mount("natsh", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "size=1m") < 0) return -1;
  int hosts = place_file("/tmp/hosts", "/etc/hosts", plan->hosts);
  int resolver = place_file("/tmp/resolv.conf", "/etc/resolv.conf", plan->resolver);
  if (umount2("/tmp", MNT_DETACH) < 0 || hosts < 0) return -1;
  if (resolver >= 0) close(resolver);
  // Processes see the numbers of their own place, if the machine lets it be; otherwise the machine's.
  if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0) errno = 0;
  // Its devices are the place's own, too, for those who look for them there.
  if (mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, NULL) < 0) errno = 0;
  return hosts;
}

static void furnish(const struct namespaces_plan *plan) {
  struct warden_greeting greeting;
  const char *step = "naming the host";
  int descriptors[2] = {-1, -1};
  memset(&greeting, 0, sizeof greeting);
  if (sethostname(plan->name, strlen(plan->name)) == 0 && (descriptors[1] = place_files(plan, &step)) >= 0)
    descriptors[0] = open_device(plan, &greeting.takes_datagrams, &step);
  if (descriptors[0] < 0) {
    greeting.error = errno == 0 ? EIO : errno;
    strncpy(greeting.step, step, sizeof greeting.step - 1);
    control_send(CONTROL, &greeting, sizeof greeting, NULL, 0);
    _exit(1);
  }
  if (control_send(CONTROL, &greeting, sizeof greeting, descriptors, 2) < 0) _exit(1);
  close(descriptors[0]);
  close(descriptors[1]);
}

// MARK: Programs

static void run_program(const int streams[3], int takes_terminal, char **words, char **environment) {
  sigset_t none;
  setpgid(0, 0);
  for (int i = 0; i < 3; i++) dup2(streams[i], i);
  if (takes_terminal) {
    // The kernel stops whoever takes the terminal from the background, unless the signal is ignored.
    signal(SIGTTOU, SIG_IGN);
    tcsetpgrp(0, getpgrp());
  }
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execvpe(words[0], words, environment);
  int error = errno;
  dprintf(2, "natsh: cannot run '%s': %s\n", words[0], strerror(error));
  _exit(error == ENOENT ? 127 : 126);
}

static void tell_end(int number, int status) {
  struct namespaces_end end = {number, status};
  control_send(CONTROL, &end, sizeof end, NULL, 0);
}

static void start(const struct warden_request *request, char *strings, size_t length, const int streams[3]) {
  static char *pointers[MOST_WORDS + 2];
  int count = 0, place = 0;
  char **environment = pointers;
  for (char *string = strings; string < strings + length && count < MOST_WORDS; string += strlen(string) + 1) {
    if (place == request->value) {
      pointers[count++] = NULL;
      environment = pointers + count;
    }
    place++;
    pointers[count++] = string;
  }
  pointers[count] = NULL;
  if (place == request->value) environment = pointers + count;
  int slot = 0;
  while (slot < MOST_PROGRAMS && programs[slot].process != 0) slot++;
  pid_t process = slot < MOST_PROGRAMS && request->value > 0 ? fork() : -1;
  if (process == 0) run_program(streams, request->takes_terminal, pointers, environment);
  if (process < 0) return tell_end(request->number, 126);
  // Whichever of the two comes first makes the group.
  setpgid(process, process);
  programs[slot].process = process;
  programs[slot].number = request->number;
  programs[slot].takes_terminal = request->takes_terminal;
}

static void send_signal(int number, int signal) {
  for (int slot = 0; slot < MOST_PROGRAMS; slot++)
    if (programs[slot].process != 0 && programs[slot].number == number) kill(-programs[slot].process, signal);
}

// The first process of a place also inherits those that nobody else waits for.
static void reap(void) {
  int status;
  pid_t process;
  while ((process = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0) {
    int slot = 0;
    while (slot < MOST_PROGRAMS && programs[slot].process != process) slot++;
    if (WIFSTOPPED(status)) {
      // Nobody at the terminal could let it go on.
      if (slot < MOST_PROGRAMS && programs[slot].takes_terminal) kill(-process, SIGCONT);
      continue;
    }
    if (slot == MOST_PROGRAMS) continue;
    programs[slot].process = 0;
    tell_end(programs[slot].number, WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
  }
}

// MARK: Keeping

static void carry_out(void) {
  static struct {
    struct warden_request request;
    char strings[WARDEN_STRINGS];
  } message;
  int streams[3], count = 0;
  long got = control_take(CONTROL, &message, sizeof message, streams, &count, 0);
  if (got <= 0) _exit(0);
  if ((size_t)got < sizeof message.request) return;
  size_t length = (size_t)got - sizeof message.request;
  switch (message.request.kind) {
  case WARDEN_START:
    if (count == 3) start(&message.request, message.strings, length, streams);
    break;
  case WARDEN_SIGNAL: send_signal(message.request.number, message.request.value); break;
  case WARDEN_MTU: {
    int netlink = netlink_open();
    if (netlink >= 0) {
      netlink_set_up(netlink, if_nametoindex(device_name), message.request.value, 0);
      close(netlink);
    }
    break;
  }
  }
  for (int i = 0; i < count; i++) close(streams[i]);
}

_Noreturn void warden_keep(const struct namespaces_plan *plan, int control) {
  sigset_t children;
  struct signalfd_siginfo news[16];
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int number = 1; number < NSIG; number++) signal(number, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);
  sigfillset(&children);
  sigprocmask(SIG_SETMASK, &children, NULL);
  setpgid(0, 0);
  // Whatever else was open is none of the place's business, and would keep others from seeing its end.
  int nothing = open("/dev/null", O_RDWR);
  for (int i = 0; i < 3; i++) dup2(nothing, i);
  if (control != CONTROL) dup2(control, CONTROL);
  fcntl(CONTROL, F_SETFD, FD_CLOEXEC);
  syscall(SYS_close_range, CONTROL + 1, ~0U, 0);
  furnish(plan);
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  int signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals < 0) _exit(1);
  for (;;) {
    struct pollfd waiting[2] = {{CONTROL, POLLIN, 0}, {signals, POLLIN, 0}};
    if (poll(waiting, 2, -1) < 0 && errno != EINTR) _exit(1);
    if (waiting[1].revents != 0) {
      while (read(signals, news, sizeof news) > 0) continue;
      reap();
    }
    if (waiting[0].revents != 0) carry_out();
  }
}
#endif
