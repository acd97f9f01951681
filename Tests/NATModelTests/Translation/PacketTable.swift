// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import NATModel

/// A NAT with a script of packets, one per line, each with its expected fate:
///
///     out udp alice:5000 > bob:4000 | home:62000 > bob:4000 +1
///     in  udp bob:4001 > home:62000 | filtered 1
///     in  icmp isp > home port-unreachable about udp home:62000 > bob:4000 | isp > alice about alice:5000 > bob:4000
/// =1
///     wait 5m
///
/// After a packet comes the mapping it used: `+1` created mapping 1, `~1` refreshed it, `=1` only used it. A forwarded
/// packet that turned back inside is marked `back`. `#` begins a comment.
struct PacketTable {
  var nat: NAT
  var now = Instant.zero
  var generator = SeededGenerator(seed: 1)
  private var packets = 0

  init(_ behavior: NATBehavior = NATBehavior(), addresses: [String] = ["home"]) {
    nat = NAT(behavior: behavior, externalAddresses: addresses.compactMap(Self.address))
  }

  init(_ preset: NATPreset) {
    self.init(preset.behavior)
  }

  private static let names: [(name: String, address: String)] = [
    ("alice", "192.168.1.10"), ("carol", "192.168.1.11"), ("erin", "192.168.1.12"), ("bob", "88.90.100.110"),
    ("dave", "88.90.100.111"), ("home", "49.36.10.25"), ("home2", "49.36.10.26"), ("isp", "198.51.100.1"),
    ("alice6", "2001:db8:1::10"), ("carol6", "2001:db8:1::11"), ("bob6", "2001:db8:2::20"),
    ("dave6", "2001:db8:2::21"), ("bob64", "64:ff9b::585a:646e"), ("dave64", "64:ff9b::585a:646f"),
    ("home64", "64:ff9b::3124:a19"), ("isp64", "64:ff9b::c633:6401"), ("home-lan64", "64:ff9b::c0a8:10a"),
    ("loop64", "64:ff9b::7f00:1"), ("alice6out", "2001:db8:77:ff89::10"),
  ]

  static func address(_ name: String) -> IPAddress? {
    IPAddress(names.first { $0.name == name }?.address ?? name)
  }

  static func endpoint(_ text: String) -> Endpoint? {
    let parts = text.split(separator: ":")
    guard let address = address(String(parts[0])) else { return nil }
    return Endpoint(address, parts.count > 1 ? UInt16(parts[1]) ?? 0 : 0)
  }

  static func name(_ endpoint: Endpoint) -> String {
    let text = endpoint.address.description
    let name = names.first { $0.address == text }?.name ?? text
    return endpoint.port == 0 ? name : "\(name):\(endpoint.port)"
  }

  /// Changes the axes of the working NAT.
  mutating func change(_ edit: (inout NATBehavior) -> Void) {
    var behavior = nat.behavior
    edit(&behavior)
    nat.configure(behavior, at: now)
  }

  /// Plays the script's packets; every deviation is recorded as an issue at its own line.
  mutating func play(_ script: String, at location: SourceLocation = #_sourceLocation) {
    for (offset, text) in script.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = text.prefix { $0 != "#" }.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
      guard let words = line.first, let verb = words.first else { continue }
      let here = SourceLocation(
        fileID: location.fileID, filePath: location.filePath, line: location.line + offset + 1, column: 1)
      let interval = words.count == 2 ? Interval(words[1]) : nil
      let packet = Self.packet(Array(words.dropFirst()))
      if verb == "wait", let interval {
        now = now + interval
      } else if verb == "at", let interval {
        now = Instant.zero + interval
      } else if verb == "in" || verb == "out", let packet, line.count == 2 {
        let became = send(packet, from: verb == "in" ? .outside : .inside)
        #expect(became == line[1].joined(separator: " "), sourceLocation: here)
      } else {
        Issue.record("not a line of a packet table: \(text)", sourceLocation: here)
      }
    }
  }

  /// Sends the packet of one line of a script, `out udp alice:1 > bob:1`, and returns its fate.
  mutating func pass(_ line: String, acknowledges number: UInt32 = 0) -> String {
    let words = line.split(separator: " ").map(String.init)
    guard let verb = words.first, var packet = Self.packet(Array(words.dropFirst())) else { return "no packet" }
    packet.acknowledgementNumber = number
    return send(packet, from: verb == "in" ? .outside : .inside)
  }

  /// Sends one packet and returns its fate, in the script's words.
  mutating func send(_ packet: Packet, from side: Side) -> String {
    packets += 1
    var rewritten = packet
    let translation = nat.translate(&rewritten, from: side, at: now, number: packets, using: &generator)
    switch translation {
    case .drop(let reason, let change):
      #expect(rewritten == packet, "a dropped packet stays as it was")
      return reason.rawValue + Self.text(change)
    case .forward(let goesTo, let change):
      var text = Self.text(rewritten.source, rewritten.destination)
      if let quoted = rewritten.quoted { text += " about " + Self.text(quoted.source, quoted.destination) }
      return text + (goesTo == side ? " back" : "") + Self.text(change)
    }
  }

  private static func text(_ source: Endpoint, _ destination: Endpoint) -> String {
    "\(name(source)) > \(name(destination))"
  }

  private static func text(_ change: Translation.Change) -> String {
    guard let mapping = change.mapping else { return "" }
    return " \(change.kind == .created ? "+" : change.kind == .refreshed ? "~" : "=")\(mapping)"
  }

  /// Reads `udp FROM > TO [FLAGS]`, or `icmp FROM > TO KIND [about PACKET]`.
  private static func packet(_ words: [String]) -> Packet? {
    guard words.count >= 4, words[2] == ">", let source = endpoint(words[1]), let destination = endpoint(words[3]),
      let transport = TransportProtocol.allCases.first(where: { $0.name == words[0] })
    else { return nil }
    var packet = Packet(transport, from: source, to: destination)
    if transport == .icmp {
      packet.icmp = .echoRequest
      packet.destination.port = source.port == 0 ? destination.port : source.port
      packet.source.port = packet.destination.port
    }
    for (index, word) in words.enumerated().dropFirst(4) {
      if word == "about" {
        guard let quoted = Self.packet(Array(words[(index + 1)...])) else { return nil }
        packet.payload = .quote(QuotedPacket(of: quoted))
        break
      }
      if let kind = ICMPKind.allCases.first(where: { $0.name == word }) { packet.icmp = kind }
      for flag in [TCPFlags.syn, .ack, .fin, .rst, .psh] where flag.names == [word] { packet.tcpFlags.insert(flag) }
    }
    // A segment that opens, ends and breaks off nothing acknowledges.
    if transport == .tcp, packet.tcpFlags.isDisjoint(with: [.syn, .rst]) { packet.tcpFlags.insert(.ack) }
    return packet
  }
}

/// The mapping's row as a line: `1 udp alice:5000 home:62000 permits bob:4000`.
extension Mapping {
  var line: String {
    var line = "\(id) \(transport.name) \(PacketTable.name(self.internal)) \(PacketTable.name(external))"
    switch remote {
    case nil: break
    case .address(let address): line += " for \(PacketTable.name(Endpoint(address, 0)))"
    case .endpoint(let endpoint): line += " for \(PacketTable.name(endpoint))"
    }
    switch permitted {
    case .anyone: line += " permits *"
    case .addresses(let addresses):
      line += " permits " + addresses.map { PacketTable.name(Endpoint($0, 0)) }.joined(separator: ",")
    case .endpoints(let endpoints): line += " permits " + endpoints.map(PacketTable.name).joined(separator: ",")
    }
    if let state { line += " \(state)" }
    return line
  }
}
