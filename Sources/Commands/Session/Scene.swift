// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// A ready-made network: the commands that build it.
public struct Scene: Sendable {
  public let name: String
  public let summary: String
  public let lines: [String]

  public init(name: String, summary: String, lines: [String]) {
    self.name = name
    self.summary = summary
    self.lines = lines
  }

  /// Those that need nothing but the commands of this target.
  public static let standard = [
    Scene(
      name: "direct", summary: said("Alice and Bob, both with public addresses and nothing in between"),
      lines: ["host alice 45.10.20.30", "host bob 88.90.100.110"]),
    Scene(
      name: "one-home", summary: said("Alice behind her home router; Bob on the open internet"),
      lines: [
        "router home-a 49.36.10.25 lan 192.168.1.0/24", "host alice 192.168.1.10 behind home-a",
        "host bob 88.90.100.110",
      ]),
    Scene(
      name: "two-homes", summary: said("Alice and Bob, each behind a router of their own"),
      lines: [
        "router home-a 49.36.10.25 lan 192.168.1.0/24", "host alice 192.168.1.10 behind home-a",
        "router home-b 88.90.100.110 lan 192.168.0.0/24", "host bob 192.168.0.25 behind home-b",
      ]),
    Scene(
      name: "same-lan", summary: said("Alice and Bob behind the same router"),
      lines: [
        "router home-a 49.36.10.25 lan 192.168.1.0/24", "host alice 192.168.1.10 behind home-a",
        "host bob 192.168.1.20 behind home-a",
      ]),
    Scene(
      name: "smart-home", summary: said("A laptop, a phone and a TV behind one router, and mallory outside"),
      lines: [
        "router home 49.36.10.25 lan 192.168.1.0/24", "host laptop 192.168.1.10 behind home",
        "host phone 192.168.1.11 behind home", "host tv 192.168.1.12 behind home", "host mallory 66.77.88.99",
      ]),
    Scene(
      name: "cgnat", summary: said("Alice behind her home router behind her provider's NAT; Bob on the open internet"),
      lines: [
        "router isp 49.36.10.25 lan 100.64.0.0/10 preset cgnat",
        "router home-a 100.64.0.10 lan 192.168.1.0/24 behind isp", "host alice 192.168.1.10 behind home-a",
        "host bob 88.90.100.110",
      ]),
    Scene(
      name: "cloud",
      summary: said("A worker behind a gateway that forgets quiet connections after 350 s, and resets them"),
      lines: [
        "router gateway 49.36.10.25 lan 10.0.0.0/16", "set gateway tcp-established-timeout 350s",
        "set gateway midstream reset", "host worker 10.0.0.10 behind gateway", "host db 88.90.100.110",
      ]),
    Scene(
      name: "idle-reset",
      summary: said("A worker behind a gateway that resets both ends of a connection that was quiet for 350 s"),
      lines: [
        "router gateway 49.36.10.25 lan 10.0.0.0/16", "set gateway tcp-established-timeout 350s",
        "set gateway idle-reset on", "host worker 10.0.0.10 behind gateway", "host db 88.90.100.110",
      ]),
    Scene(
      name: "office",
      summary: said("A web server behind a forwarded port, and a laptop beside it"),
      lines: [
        "router office 49.36.10.25 lan 192.168.1.0/24", "set office hairpinning forwards-only",
        "host web 192.168.1.80 behind office", "host laptop 192.168.1.10 behind office",
        "forward office tcp 80 to web:80", "host bob 88.90.100.110",
      ]),
    Scene(
      name: "servers",
      summary: said(
        "A web server with an outside address of its own, and a console that gets whatever is nobody else's"),
      lines: [
        "router office 49.36.10.25 lan 192.168.1.0/24", "set office addresses 49.36.10.26",
        "host web 192.168.1.80 behind office", "host console 192.168.1.20 behind office",
        "host laptop 192.168.1.10 behind office", "forward office address 49.36.10.26 to web",
        "forward office all to console", "host bob 88.90.100.110",
      ]),
    Scene(
      name: "consoles",
      summary: said("Two games consoles that want one port, behind a router that keeps ports or refuses"),
      lines: [
        "router home-a 49.36.10.25 lan 192.168.1.0/24", "set home-a ports preserve or-refuse",
        "host red 192.168.1.10 behind home-a", "host blue 192.168.1.11 behind home-a", "host game 88.90.100.110",
      ]),
    Scene(
      name: "few-ports",
      summary: said("Two hosts behind a router that has four outside ports for all"),
      lines: [
        "router home-a 49.36.10.25 lan 192.168.1.0/24", "set home-a ports overload 5000 5003",
        "host alice 192.168.1.10 behind home-a", "host carol 192.168.1.11 behind home-a", "host bob 88.90.100.110",
        "host dave 88.90.100.111",
      ]),
    Scene(
      name: "port-blocks",
      summary: said("Three hosts behind a carrier's router that gives each of them a block of eight ports"),
      lines: [
        "router isp 49.36.10.25 lan 100.64.0.0/10", "set isp ports blocks 8 1024 1047",
        "host alice 100.64.0.10 behind isp", "host carol 100.64.0.11 behind isp", "host erin 100.64.0.12 behind isp",
        "host bob 88.90.100.110",
      ]),
    Scene(
      name: "black-hole",
      summary: said("A server behind a router that drops all ICMP, and Alice, whose line takes no more than 576 bytes"),
      lines: [
        "router home-a 49.36.10.25 lan 192.168.1.0/24", "set home-a mtu 576", "host alice 192.168.1.10 behind home-a",
        "router office 88.90.100.110 lan 10.0.0.0/16", "host server 10.0.0.80 behind office",
        "forward office tcp 80 to server:80", "filter office drop icmp",
      ]),
    Scene(
      name: "two-gateways",
      summary: said("A web server with two ways out: questions come by one, and its answers leave by the other"),
      lines: [
        "router gw-a 49.36.10.25 lan 192.168.1.0/24", "router gw-b 77.20.30.40 beside gw-a",
        "host web 192.168.1.80 behind gw-a", "forward gw-a tcp 80 to web:80", "route web 0.0.0.0/0 via gw-b",
        "host bob 88.90.100.110",
      ]),
    Scene(
      name: "race",
      summary: said(
        "Two containers behind one Linux host, whose queries leave at the same instant and race for one port"),
      lines: [
        "router node 49.36.10.25 lan 10.0.0.0/16 preset linux", "set node race on", "host pod-a 10.0.0.10 behind node",
        "host pod-b 10.0.0.11 behind node", "host dns 88.90.100.53",
      ]),
    Scene(
      name: "lossy-line",
      summary: said("Alice behind a line that loses every third packet, and hosts that send again what is lost"),
      lines: [
        "router home-a 49.36.10.25 lan 192.168.1.0/24", "set home-a loss 33%", "host alice 192.168.1.10 behind home-a",
        "host bob 88.90.100.110", "set alice retransmission on", "set bob retransmission on",
      ]),
    Scene(
      name: "time-wait",
      summary: said("A web server that remembers for 60 s what it has closed, and Alice, whose router keeps her port"),
      lines: [
        "router home-a 49.36.10.25 lan 192.168.1.0/24", "set home-a ports preserve",
        "host alice 192.168.1.10 behind home-a", "host web 88.90.100.110", "set web time-wait 60s",
      ]),
    Scene(
      name: "nat64",
      summary: said("A phone that has only IPv6, behind a carrier that translates; Bob, who has only IPv4"),
      lines: [
        "router carrier 49.36.10.25 2001:db8:a::1 lan 192.168.1.0/24 lan 2001:db8:a1::/64", "set carrier nat64 on",
        "host phone 2001:db8:a1::10 behind carrier ipv6-only", "host bob 88.90.100.110",
      ]),
    Scene(
      name: "nptv6",
      summary: said("An office with private IPv6 addresses, whose router exchanges their prefix; Bob outside"),
      lines: [
        "router office 49.36.10.25 2001:db8:b::1 lan 192.168.1.0/24 lan fd01:203:405:1::/64",
        "set office nptv6 2001:db8:1::/48", "host alice fd01:203:405:1::1234 behind office ipv6-only",
        "host bob 2001:db8:c::50",
      ]),
    Scene(
      name: "google", summary: said("Alice behind her router opens google.com"),
      lines: [
        "router home-a 49.36.10.25 lan 192.168.1.0/24", "host alice 192.168.1.10 behind home-a",
        "host google.com 142.250.74.46",
      ]),
  ]
}
