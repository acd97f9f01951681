// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NetworkSimulator
import Wording

/// The commands and topics of traversal: servers and programs that hosts run, and the calls between them.
public enum TraversalLanguage {
  fileprivate static let declarations: [CommandDeclaration] = [
    ServeCommand.declaration, NamesCommand.declaration, ProgramsCommand.declaration, StopCommand.declaration,
    STUNCommand.declaration,
    RelayCommand.declaration, ICECommand.declaration, PunchCommand.declaration,
    MatrixCommand.declaration, BirthdayCommand.declaration,
    FTPCommand.declaration, SIPCommand.declaration, RequestCommand.declaration, RebootCommand.declaration,
    RenumberCommand.declaration,
    ForkCommand.declaration, SwitchCommand.declaration, WorldsCommand.declaration, CompareCommand.declaration,
    CallCommand.declaration,
    CrowdCommand.declaration,
  ]

  /// The descriptions of the programs.
  public static let programs: [ProgramDescription] =
    [
      ProgramDescription("call", summary: said("sends a video stream and listens to another"), events: [:]),
      ProgramDescription(
        "call-relay", summary: said("passes on to each of its guests what the others send"), events: [:]),
      STUNClient.description, PunchProgram.description, ICEProgram.description, RequestProgram.description,
      PortControlServer.description, FTPClient.description, SIPCaller.description,
    ] + NameClient.descriptions + RelayParty.descriptions + Service.all.map(\.description)

  /// How routers answer what hosts ask them.
  public static let routerProgram: any RouterProgram = PortControlServer()

  /// Networks with something to get through, and a server that helps.
  fileprivate static let scenes: [Scene] = [
    Scene(
      name: "call", summary: said("Alice and Bob in two homes, and a server that helps them to meet"),
      lines: homes("home", "home") + server),
    Scene(
      name: "call-symmetric", summary: said("the same, but with Alice behind a symmetric NAT"),
      lines: homes("symmetric", "home") + server),
    Scene(
      name: "call-cgnat", summary: said("the same, but with Alice's home behind her provider's NAT"),
      lines: [
        "router isp 49.36.10.25 lan 100.64.0.0/10 preset cgnat",
        "router home-a 100.64.0.10 lan 192.168.1.0/24 behind isp", "host alice 192.168.1.10 behind home-a",
      ] + home("b", 1, "home") + server),
    Scene(
      name: "call-ipv6", summary: said("Alice and Bob with IPv6 behind two firewalls, and nothing translated"),
      lines: [
        "router home-a 49.36.10.25 2001:db8:a::1 lan 192.168.1.0/24 lan 2001:db8:a1::/64",
        "host alice 192.168.1.10 2001:db8:a1::10 behind home-a",
        "router home-b 88.90.100.110 2001:db8:b::1 lan 192.168.0.0/24 lan 2001:db8:b1::/64",
        "host bob 192.168.0.25 2001:db8:b1::25 behind home-b", "host server 203.0.113.50 2001:db8:c::50",
      ] + services),
    Scene(
      name: "split-dns",
      summary: said("A shop's server at home, a router that does not hairpin, and two servers for names"),
      lines: [
        "router home 49.36.10.25 lan 192.168.1.0/24", "host laptop 192.168.1.10 behind home",
        "host web 192.168.1.80 behind home", "host nas 192.168.1.53 behind home", "forward home tcp 80 to web:80",
        "host dns 203.0.113.53", "host bob 88.90.100.110", "serve dns names", "names dns shop.example 49.36.10.25",
        "serve nas names upstream 203.0.113.53", "names nas shop.example 192.168.1.80",
        "set home resolver 203.0.113.53",
        "set bob resolver 203.0.113.53",
      ]),
    Scene(
      name: "dns64",
      summary: said("A phone that has only IPv6, a carrier that translates, and a DNS64"),
      lines: [
        "router carrier 49.36.10.25 2001:db8:a::1 lan 192.168.1.0/24 lan 2001:db8:a1::/64", "set carrier nat64 on",
        "host phone 2001:db8:a1::10 behind carrier ipv6-only", "host bob 88.90.100.110",
        "host dns 203.0.113.53 2001:db8:c::53", "serve dns names dns64 64:ff9b::/96",
        "names dns bob.example 88.90.100.110",
      ]),
    Scene(
      name: "dual-stack", summary: said("Alice and two web servers, all with IPv6 and IPv4"),
      lines: [
        "router home-a 49.36.10.25 2001:db8:a::1 lan 192.168.1.0/24 lan 2001:db8:a1::/64",
        "host alice 192.168.1.10 2001:db8:a1::10 behind home-a",
        "router office 88.90.100.110 2001:db8:b::1 lan 192.168.0.0/24 lan 2001:db8:b1::/64",
        "host web 192.168.0.80 2001:db8:b1::80 behind office", "host shop 203.0.113.80 2001:db8:c::80",
      ]),
    Scene(
      name: "ftp-active", summary: said("Alice in her home, and a file server that connects back to its clients"),
      lines: [
        "router home-a 88.90.100.110 lan 192.168.1.0/24", "host alice 192.168.1.10 behind home-a",
        "host files 203.0.113.50", "serve files ftp",
      ]),
    Scene(
      name: "sip-alg", summary: said("Alice in her home calls Bob's telephone on the internet"),
      lines: home("a", 0, "home") + ["host bob 88.90.100.110", "serve bob sip"]),
  ]

  private static func homes(_ first: String, _ second: String) -> [String] {
    home("a", 0, first) + home("b", 1, second)
  }

  private static func home(_ letter: String, _ place: Int, _ preset: String) -> [String] {
    let (address, lan, host) = [
      ("49.36.10.25", "192.168.1.0/24", "alice 192.168.1.10"),
      ("88.90.100.110", "192.168.0.0/24", "bob 192.168.0.25"),
    ][place]
    return [
      "router home-\(letter) \(address) lan \(lan)" + (preset == "home" ? "" : " preset \(preset)"),
      "host \(host) behind home-\(letter)",
    ]
  }

  private static let server = ["host server 203.0.113.50"] + services
  private static let services = [
    "serve server stun alternate 203.0.113.51", "serve server rendezvous 3480", "serve server turn 3482",
  ]

  /// The protocols that they speak.
  fileprivate static let messages: [MessageReader] = [
    SIPMessage.reader, RTPPacket.reader, MDNSMessage.reader, DNSMessage.reader, .traversal, SignalMessage.reader,
  ]

  fileprivate static let topics: [HelpReport.Topic] = [peerToPeer]
}

extension Vocabulary {
  /// The part of traversal.
  public static let traversal = Vocabulary(
    TraversalLanguage.declarations, topics: TraversalLanguage.topics, scenes: TraversalLanguage.scenes,
    programs: TraversalLanguage.programs, messages: TraversalLanguage.messages,
    routerProgram: TraversalLanguage.routerProgram,
    errands: ErrandProgram(
      begin: { errand, network, host throws(HostError) in try network.start(NameClient(errand), on: host) },
      names: NamesServer.names))
}
