// SPDX-License-Identifier: GPL-3.0-or-later

import Rulesets
import TestSupport
import Testing

/// What is not read is said to be not read, and what is read has its effect.
@Suite struct PromiseTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    /// Commands that must be there, and words that no command may have.
    var commands: [String] = []
    var without: [String] = []
    /// The lines that must count as not read, or not whole; all others must not.
    var unread: Set<Int> = []
    var testDescription: String { name }
  }

  private static func nat(_ rules: String, filter: String = "") -> String {
    "*nat\n:PREROUTING ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n\(rules)\nCOMMIT\n"
      + (filter.isEmpty
        ? "" : "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:reject - [0:0]\n\(filter)\nCOMMIT\n")
  }

  private static let masquerade = "-A POSTROUTING -s 192.168.1.0/24 -o eth0 -j MASQUERADE"
  private static let office = "nat on em0 from 192.168.1.0/24 to any -> (em0)\n"
  private static let branch = """
    interface Gi0/0
     ip address 203.0.113.1 255.255.255.0
     ip nat outside
    interface Gi0/1
     ip address 192.168.1.1 255.255.255.0
     ip nat inside
    access-list 1 permit 192.168.1.0 0.0.0.255

    """

  static let forwards: [Case] = [
    Case(
      name: "iptables, a forward from the second uplink",
      text: nat(
        """
        -A PREROUTING -i eth2 -p tcp -m tcp --dport 80 -j DNAT --to-destination 192.168.1.10:80
        -A POSTROUTING -o eth0 -j MASQUERADE
        -A POSTROUTING -o eth2 -j MASQUERADE
        """), commands: ["forward r tcp 80 to 192.168.1.10:80"], without: ["hairpinning"], unread: [6]),
    Case(
      name: "iptables, a forward for packets from inside alone",
      text: nat("-A PREROUTING -i br-lan -p udp --dport 53 -j DNAT --to-destination 192.168.1.2\n" + masquerade),
      without: ["forward", "hairpinning"], unread: [4]),
    Case(
      name: "iptables, the interface inside comes first",
      text: nat(
        """
        -A PREROUTING -i eth0 -p tcp --dport 80 -j DNAT --to-destination 192.168.1.10
        -A PREROUTING -i br-lan -p tcp --dport 80 -j DNAT --to-destination 192.168.1.10
        -A POSTROUTING -s 192.168.1.0/24 -d 192.168.1.10/32 -o br-lan -j MASQUERADE
        """ + "\n" + masquerade),
      commands: ["forward r tcp 80 to 192.168.1.10:80", "set r hairpinning forwards-only"]),
    Case(
      name: "pf, the group egress",
      text: "match out on vio0 inet from 192.168.1.0/24 to any nat-to (vio0)\n"
        + "pass in on egress inet proto tcp to port 22 rdr-to 192.168.1.10 port 22\n",
      commands: ["forward r tcp 22 to 192.168.1.10:22"], without: ["hairpinning"]),
    Case(
      name: "pf, a second uplink and a redirection from inside alone",
      text: office + "nat on tun0 from 192.168.1.0/24 to any -> (tun0)\n"
        + "rdr on tun0 proto tcp from any to any port 80 -> 192.168.1.10\n"
        + "rdr on em1 proto udp from any to any port 53 -> 192.168.1.2\n",
      commands: ["forward r tcp 80 to 192.168.1.10:80"], without: ["hairpinning", "udp 53"], unread: [2, 4]),
    Case(
      name: "IOS, a second uplink",
      text: branch + """
        interface Gi0/2
         ip address 198.51.100.1 255.255.255.0
         ip nat outside
        ip nat inside source list 1 interface Gi0/0 overload
        ip nat inside source list 1 interface Gi0/2 overload

        """, commands: ["router r 203.0.113.1 lan 192.168.1.0/24"], without: ["198.51.100.1"], unread: [9, 12]),
    Case(
      name: "a port that is forwarded twice, and one of the router itself",
      text: nat(
        """
        -A PREROUTING -i eth0 -p tcp --dport 80:81 -j DNAT --to-destination 192.168.1.10
        -A PREROUTING -i eth0 -p tcp --dport 81 -j DNAT --to-destination 192.168.1.11
        -A PREROUTING -d 127.0.0.1/32 -p tcp --dport 82 -j DNAT --to-destination 192.168.1.11
        """ + "\n" + masquerade), commands: ["forward r tcp 80-81 to 192.168.1.10:80"], unread: [5, 6]),
  ]

  static let pairs: [Case] = [
    Case(
      name: "pf, binat beside an interface's address",
      text: office + "binat on em0 inet from 192.168.1.50 to any -> 203.0.113.50\n",
      commands: [
        "router r lan 192.168.1.0/24", "set r addresses 203.0.113.50", "forward r address 203.0.113.50 to 192.168.1.50",
      ]),
    Case(
      name: "IOS, a pair beside an address by DHCP",
      text: branch.replacing("203.0.113.1 255.255.255.0", with: "dhcp")
        + "ip nat inside source list 1 interface Gi0/0 overload\n"
        + "ip nat inside source static 192.168.1.20 203.0.113.20\n",
      commands: [
        "router r lan 192.168.1.0/24", "set r addresses 203.0.113.20", "forward r address 203.0.113.20 to 192.168.1.20",
      ]),
    Case(
      name: "iptables, a pair beside MASQUERADE",
      text: nat(
        "-A PREROUTING -d 203.0.113.50/32 -i eth0 -j DNAT --to-destination 192.168.1.50\n"
          + "-A POSTROUTING -s 192.168.1.50/32 -o eth0 -j SNAT --to-source 203.0.113.50\n" + masquerade),
      commands: [
        "router r lan 192.168.1.0/24", "set r addresses 203.0.113.50", "forward r address 203.0.113.50 to 192.168.1.50",
      ]),
    Case(
      name: "pf, pairs alone leave the other hosts alone",
      text: "binat on em0 from 192.168.1.50 to any -> 203.0.113.50\n",
      commands: ["forward r address 203.0.113.50 to 192.168.1.50"], unread: [1]),
    Case(
      name: "iptables, a host's own address outwards only",
      text: nat("-A POSTROUTING -s 192.168.1.50/32 -o eth0 -j SNAT --to-source 203.0.113.50\n" + masquerade),
      commands: ["router r lan 192.168.1.0/24"], without: ["203.0.113.50"], unread: [4]),
  ]

  static let lists: [Case] = [
    Case(
      name: "IOS, a numbered list before the interface outside",
      text: branch.replacing("ip nat outside", with: "ip nat outside\n ip access-group 110 in")
        + """
        ip nat inside source list 1 interface Gi0/0 overload
        ip nat inside source static tcp 192.168.1.10 25 interface Gi0/0 25
        access-list 110 deny ip 198.51.100.0 0.0.0.255 any
        access-list 110 deny tcp any any eq 23
        access-list 110 permit tcp any any eq 25
        access-list 110 permit udp any any eq 161
        access-list 110 deny ip any any log
        access-list 23 permit 192.168.1.5

        """, commands: ["filter r drop tcp port 23", "set r rejects icmp"], unread: [11, 14, 16]),
    Case(
      name: "IOS, a named list that is not there, and one of translation",
      text: branch.replacing("ip nat outside", with: "ip nat outside\n no ip unreachables\n ip access-group IN in")
        + """
        ip nat inside source list NAT interface Gi0/0 overload
        ip access-list extended NAT
         deny ip 192.168.1.0 0.0.0.255 10.0.0.0 0.255.255.255
         deny ip host 192.168.1.7 any
         permit tcp 192.168.1.0 0.0.0.255 any eq www
         permit ip 192.168.1.0 0.0.0.255 any

        """, commands: ["set r exempt 10.0.0.0/8"], without: ["rejects silently"], unread: [5, 9, 13, 14]),
    Case(
      name: "IOS, a pool without the interface's address",
      text: branch + "ip nat pool P 203.0.113.10 203.0.113.11 netmask 255.255.255.0\n"
        + "ip nat inside source list 1 pool P overload\n",
      commands: ["router r 203.0.113.10 lan 192.168.1.0/24", "set r addresses 203.0.113.11"],
      without: ["203.0.113.1 "], unread: [2]),
    Case(
      name: "IOS, a pool, and a forward at the interface's address",
      text: branch + "ip nat pool P 203.0.113.10 203.0.113.11 netmask 255.255.255.0\n"
        + "ip nat inside source list 1 pool P overload\n"
        + "ip nat inside source static tcp 192.168.1.10 80 interface Gi0/0 8080\n",
      commands: ["router r 203.0.113.1 lan 192.168.1.0/24", "forward r tcp 8080 to 192.168.1.10:80"], unread: [9]),
  ]

  static let conditions: [Case] = [
    Case(
      name: "iptables, sources that only some packets get",
      text: nat(
        """
        -A POSTROUTING -s 192.168.1.9/32 -o eth0 -j RETURN
        -A POSTROUTING -s 192.168.1.0/24 -o eth0 -p tcp --dport 25 -j SNAT --to-source 203.0.113.9
        -A POSTROUTING -s 192.168.1.0/24 -o eth0 -j SNAT --to-source 203.0.113.5
        -A POSTROUTING -s 192.168.2.0/24 -o eth0 -j SNAT --to-source 203.0.113.6
        """), commands: ["router r 203.0.113.5 lan 192.168.1.0/24"], without: ["203.0.113.6", "203.0.113.9"],
      unread: [4, 5, 7]),
    Case(
      name: "iptables, filters with interfaces, targets and ends of protocols",
      text: nat(
        masquerade,
        filter: """
          -A FORWARD -i eth1 -o eth0 -p tcp --dport 443 -j ACCEPT
          -A FORWARD -i guest -o eth1 -j DROP
          -A FORWARD -j NFACCT --nfacct-name x
          -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
          -A FORWARD -j reject
          -A reject -p tcp -j REJECT --reject-with tcp-reset
          -A reject -j REJECT --reject-with icmp-port-unreachable
          """), without: ["filter r"], unread: [10, 11, 12]),
    Case(
      name: "iptables, IPv6's tables in the same file",
      text: nat(masquerade) + "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -p tcp --dport 25 -j DROP\nCOMMIT\n"
        + "# Generated by ip6tables-save v1.8.9\n*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n",
      commands: ["filter r drop tcp port 25"]),
    Case(
      name: "pf, sources and passes with conditions",
      text: "nat on em0 from 192.168.1.0/24 to any port 500 -> (em0) static-port\n" + office
        + "block in all\npass in on em0 proto tcp to (em0) port 22\npass in on em1 route-to (em2 198.51.100.1) from any\n"
        + "rdr on em0 proto gre from any to any -> 192.168.1.3\n",
      commands: ["set r ports random 50001 65535"], without: ["overload", "forward", "as-host"],
      unread: [1, 4, 5, 6]),
    Case(
      name: "nft, files, elements and sets that are not there",
      text: """
        include "/etc/nftables.d/*.nft"
        table ip nat {
          set open { type inet_service; flags dynamic; }
          chain pre {
            type nat hook prerouting priority dstnat;
            iifname "wan" tcp dport @open dnat to 192.168.1.2
          }
          chain post {
            type nat hook postrouting priority srcnat;
            oifname "wan" masquerade
          }
        }
        add element ip nat open { 80 }

        """, without: ["forward"], unread: [1, 6, 13]),
  ]

  @Test(arguments: forwards + pairs + lists + conditions) func nothingIsLostWithoutAWord(_ example: Case) throws {
    let (commands, lines) = try Ruleset(Array(example.text.utf8), as: nil).commands(for: .new("r"))
    let account = SampleTests.account(try Ruleset(Array(example.text.utf8), as: nil))
    for command in example.commands { #expect(commands.contains(command), "\(command)\n\(account)") }
    for word in example.without { #expect(!commands.contains { $0.contains(word) }, "\(word)\n\(account)") }
    #expect(Set(lines.filter { !$0.unread.isEmpty }.map(\.number)) == example.unread, "\(account)")
  }
}
