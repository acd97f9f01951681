// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// Reads the parts of a Cisco IOS configuration that are about NAT.
struct CiscoReader {
  private struct Pool {
    var line: Int
    var addresses: [IPAddress]
  }
  private struct Interface {
    var name: String
    var address: IPAddress?
    var prefix: IPPrefix?
    var isOutside: Bool?
    var line: Int
  }

  private var draft = RouterDraft(base: .symmetric)
  private var pools: [String: Pool] = [:]
  private var interfaces: [Interface] = []
  /// What access lists permit and deny, by their names.
  private var permitted: [String: [IPPrefix]] = [:]
  private var denied: [String: [IPPrefix]] = [:]
  /// The lines of `ip nat inside source`, to be read when the pools and lists are known.
  private var sources: [(line: SourceLine, words: [String])] = []
  private var list: String?
  private var isInInterface = false
  private var hasNAT = false
  private var keepsEndpoints: Int?

  static func read(_ lines: [SourceLine]) throws(RulesetFault) -> RouterDraft {
    var reader = CiscoReader()
    reader.begin()
    for line in lines { try reader.take(line) }
    guard reader.hasNAT else {
      if let foreign = lines.first(where: { !$0.text.isEmpty }), let kind = RulesetKind.guess(from: lines), kind != .ios
      {
        throw .foreign(line: foreign.number, text: String(foreign.text), kind: .ios, looksLike: kind)
      }
      throw .nothingInIt(.ios)
    }
    for source in reader.sources { try reader.takeSource(source.line, source.words) }
    reader.finish()
    return reader.draft
  }

  /// IOS has an entry a flow, keeps the inside port where it is free, and both sides keep an entry alive.
  private mutating func begin() {
    draft.behavior.portAssignment = .preserve
    draft.behavior.refresh = .both
    draft.behavior.rejection = .asHost
    draft.behavior.lifetimes.tcpEstablished = .seconds(86_400)
    Properties.tcpTransitoryTimeout(.seconds(60)).apply(to: &draft.behavior)
  }

  private func broken(_ line: SourceLine, _ why: String) -> RulesetFault {
    .broken(line: line.number, text: String(line.text), why: why)
  }

  // MARK: Lines

  private mutating func take(_ line: SourceLine) throws(RulesetFault) {
    let words = line.text.words
    guard let first = words.first, first != "!" else { return }
    switch (first, words.dropFirst().first) {
    case ("hostname", let name?):
      draft.name = name
      draft.notes.became(line.number, said("the router's name"))
    case ("interface", let name?):
      (isInInterface, list) = (true, nil)
      interfaces.append(
        Interface(name: words.dropFirst(2).isEmpty ? name : words.dropFirst().joined(), line: line.number))
    case ("ip", "nat"): try takeNAT(line, words)
    case ("ip", "address") where isInInterface: takeAddress(line, words)
    case ("ip", "tcp") where words.contains("adjust-mss"):
      draft.clampSegmentSize(line.number, to: words.last)
    case ("ip", "mtu") where isInInterface:
      draft.notes.unread(line.number, said("'set ROUTER mtu' makes the narrow link"))
    case ("ip", "access-group") where isInInterface:
      if interfaces.last?.isOutside != false, words.last == "in" {
        draft.set(
          line.number, Properties.rejects(.silently), because: said("an access list stands before the router itself"))
      }
    case ("ip", "access-list"):
      isInInterface = false
      list = words.last
    case ("access-list", let name?): takeListed(line, name, words.dropFirst(2))
    case ("permit", _), ("deny", _):
      if let list { takeListed(line, list, words[...]) }
    case ("route-map", _):
      isInInterface = false
      draft.notes.unread(line.number, said("natsh has no route maps"))
    default:
      if Int(first) != nil, let list { takeListed(line, list, words.dropFirst()) }
    }
  }

  /// `ip address 203.0.113.1 255.255.255.248`
  private mutating func takeAddress(_ line: SourceLine, _ words: [String]) {
    guard words.count >= 4, let address = IPAddress(words[2]), let mask = IPAddress(words[3]),
      let length = RuleValues.length(ofMask: mask)
    else { return }
    interfaces[interfaces.count - 1].address = address
    interfaces[interfaces.count - 1].prefix = IPPrefix(containing: address, length: length)
    interfaces[interfaces.count - 1].line = line.number
  }

  /// `permit 192.168.1.0 0.0.0.255`, `deny ip any 10.0.0.0 0.255.255.255`, `permit ip 192.168.1.0 0.0.0.255 any`
  private mutating func takeListed(_ line: SourceLine, _ name: String, _ words: ArraySlice<String>) {
    var rest = words
    guard let verb = rest.popFirst(), verb == "permit" || verb == "deny" else { return }
    var transport: String?
    if let word = rest.first, ["ip", "tcp", "udp", "icmp"].contains(word) {
      transport = word
      rest = rest.dropFirst()
    }
    let source = Self.prefix(&rest)
    let destination = transport == nil ? nil : Self.prefix(&rest)
    if verb == "permit" {
      if let source { permitted[name, default: []].append(source) }
    } else if let destination, transport == "ip" {
      denied[name, default: []].append(destination)
    } else if verb == "deny", transport == "icmp", source == nil, destination == nil {
      draft.addFilter(line.number, .icmp, port: nil, isOneSided: true)
      return
    } else if verb == "deny", let known = TransportProtocol.allCases.first(where: { $0.name == transport }),
      source == nil,
      destination == nil, let port = rest.last.flatMap({ RuleValues.port($0) }), rest.contains("eq")
    {
      draft.addFilter(line.number, known, port: port, isOneSided: true)
      return
    }
    draft.notes.became(line.number, said("the addresses of list \(name)"))
  }

  /// `any`, `host 192.168.1.5` or an address and its wildcard; nil is any.
  private static func prefix(_ words: inout ArraySlice<String>) -> IPPrefix? {
    guard let first = words.popFirst() else { return nil }
    if first == "any" { return nil }
    if first == "host" { return words.popFirst().flatMap { RuleValues.prefix($0) } }
    guard let address = IPAddress(first) else { return nil }
    guard let wildcard = words.first.flatMap({ IPAddress($0) }), wildcard.isIPv4 else {
      return IPPrefix(containing: address, length: 32)
    }
    words = words.dropFirst()
    return RuleValues.length(ofMask: IPAddress(ipv4: ~wildcard.ipv4Bits)).flatMap {
      IPPrefix(containing: address, length: $0)
    }
  }

  private mutating func takeNAT(_ line: SourceLine, _ words: [String]) throws(RulesetFault) {
    hasNAT = true
    switch (words.dropFirst(2).first, words.dropFirst(3).first) {
    case ("inside", nil), ("outside", nil):
      guard !interfaces.isEmpty else { throw broken(line, said("no interface stands before it")) }
      interfaces[interfaces.count - 1].isOutside = words[2] == "outside"
      draft.notes.became(line.number, said("\(interfaces[interfaces.count - 1].name) is \(words[2])"))
    case ("pool", let name?): try takePool(line, name, words)
    case ("inside", "source"):
      guard words.count > 5 else { throw broken(line, said("it ends too early; was it cut off?")) }
      sources.append((line, words))
    case ("translation", let name?): try takeTimeout(line, name, words)
    case ("service", let name?) where name == "enable-sym-port":
      keepsEndpoints = line.number
    case ("service", let name?) where name == "sip" || name == "ftp": draft.read(line.number, name)
    case ("inside", "destination"), ("outside", _):
      draft.notes.unread(line.number, said("natsh translates the source of packets from inside, and what is forwarded"))
    case (nil, _): throw broken(line, said("it ends too early; was it cut off?"))
    default: draft.notes.unread(line.number, said("it has no counterpart"))
    }
  }

  /// `ip nat pool P 203.0.113.5 203.0.113.10 netmask 255.255.255.248`
  private mutating func takePool(_ line: SourceLine, _ name: String, _ words: [String]) throws(RulesetFault) {
    guard words.count >= 6, let first = IPAddress(words[4]), let last = IPAddress(words[5]),
      let addresses = RuleValues.addresses(from: first, to: last)
    else { throw broken(line, said("a pool has a first and a last address; was it cut off?")) }
    pools[name] = Pool(line: line.number, addresses: addresses)
    draft.notes.became(line.number, said("the pool \(name)"))
  }

  private mutating func takeTimeout(_ line: SourceLine, _ name: String, _ words: [String]) throws(RulesetFault) {
    guard let text = words.dropFirst(4).last else { throw broken(line, said("a number is missing; was it cut off?")) }
    guard let number = Int64(text), number > 0, number < 1 << 31 else {
      if text == "never" { return draft.notes.unread(line.number, said("rows here always end some time")) }
      throw broken(line, said("'\(text)' is not a number of seconds"))
    }
    let time = Interval.seconds(number)
    switch name {
    case "udp-timeout": draft.set(line.number, Properties.udpTimeout(time))
    case "tcp-timeout": draft.set(line.number, Properties.tcpEstablishedTimeout(time))
    case "finrst-timeout": draft.set(line.number, Properties.tcpClosingTimeout(time))
    case "syn-timeout": draft.set(line.number, Properties.tcpOpeningTimeout(time))
    case "icmp-timeout": draft.set(line.number, Properties.icmpTimeout(time))
    case "max-entries":
      if words.contains("all-host") {
        draft.set(line.number, Properties.maximumMappingsPerHost(Int(number)))
      } else if words.count == 5 {
        draft.set(line.number, Properties.maximumMappings(Int(number)))
      } else {
        draft.notes.unread(line.number, said("natsh limits the table, and every host in the same way"))
      }
    default: draft.notes.unread(line.number, said("no property has \(name) alone"))
    }
  }

  // MARK: What is translated

  private mutating func takeSource(_ line: SourceLine, _ words: [String]) throws(RulesetFault) {
    switch words[4] {
    case "list": try takeDynamic(line, words)
    case "static": try takeStatic(line, words)
    default: draft.notes.unread(line.number, said("natsh has no '\(words[4])'"))
    }
  }

  /// `ip nat inside source list 1 interface GigabitEthernet0/0 overload`
  private mutating func takeDynamic(_ line: SourceLine, _ words: [String]) throws(RulesetFault) {
    for prefix in permitted[words[5]] ?? [] { draft.addInside(line.number, prefix) }
    if let prefixes = denied[words[5]] { draft.addExemption(line.number, prefixes) }
    let isOverload = words.contains("overload")
    switch words.dropFirst(6).first {
    case "interface":
      let name = words.dropFirst(7).prefix { $0 != "overload" && $0 != "vrf" }.joined()
      guard !name.isEmpty else { throw broken(line, said("the interface is missing; was it cut off?")) }
      if let address = interfaces.first(where: { $0.name == name })?.address {
        draft.addOutside(line.number, [address])
      }
      draft.notes.became(line.number, said("nat on: the outside address is that of interface \(name)"))
    case "pool":
      guard let name = words.dropFirst(7).first else {
        throw broken(line, said("the pool is missing; was it cut off?"))
      }
      guard let pool = pools[name] else { throw broken(line, said("there is no pool \(name)")) }
      draft.addOutside(line.number, pool.addresses)
      if !isOverload {
        draft.set(line.number, Properties.mapping(.endpointIndependent))
        draft.set(
          line.number, Properties.filtering(.endpointIndependent),
          because: said("without overload an entry is a host's address"))
        draft.set(line.number, Properties.ports(.preserveOrRefuse))
      }
      draft.set(line.number, Properties.pooling(.paired))
    default: throw broken(line, said("'interface' or 'pool' should follow the list; was it cut off?"))
    }
    if isOverload {
      draft.set(line.number, Properties.ports(.preserve), because: said("overload keeps a port that is free"))
    }
    if isOverload, let keepsEndpoints {
      draft.set(keepsEndpoints, Properties.mapping(.endpointIndependent))
    }
  }

  /// `ip nat inside source static tcp 192.168.1.10 80 203.0.113.5 8080`, `… static 192.168.1.10 203.0.113.9`
  private mutating func takeStatic(_ line: SourceLine, _ words: [String]) throws(RulesetFault) {
    let rest = Array(words[5...])
    if rest[0] == "network" {
      guard rest.count >= 4, let inside = RuleValues.prefix(rest[1] + rest[3]),
        let own = RuleValues.prefix(rest[2] + rest[3]),
        own.addressCount <= UInt64(RouterDraft.mostAddresses)
      else { return draft.notes.unread(line.number, said("natsh pairs up to 256 addresses, written as /LENGTH")) }
      for offset in 0..<UInt32(own.addressCount) {
        let host = IPAddress(ipv4: inside.address.ipv4Bits + offset)
        let address = IPAddress(ipv4: own.address.ipv4Bits + offset)
        guard inside.isHostAddress(host) else { continue }
        draft.addOutside(line.number, [address])
        draft.addForward(line.number, .address(address, to: host))
      }
      return
    }
    if let transport = TransportProtocol.allCases.first(where: { $0.name == rest[0] }) {
      guard rest.count >= 5, let inside = IPAddress(rest[1]), let target = UInt16(rest[2]),
        let port = rest.dropFirst(4).compactMap({ UInt16($0) }).first
      else { throw broken(line, said("an address and a port inside and outside are needed; was it cut off?")) }
      let address = rest[3] == "interface" ? nil : IPAddress(rest[3])
      if rest[3] != "interface", address == nil { throw broken(line, said("'\(rest[3])' is not an address")) }
      draft.addForward(line.number, .ports(transport, port...port, of: address, to: Endpoint(inside, target)))
      return
    }
    guard rest.count >= 2, let inside = IPAddress(rest[0]), let address = IPAddress(rest[1]) else {
      throw broken(line, said("an address inside and one outside are needed; was it cut off?"))
    }
    draft.addOutside(line.number, [address])
    draft.addForward(line.number, .address(address, to: inside))
  }

  // MARK: The end

  private mutating func finish() {
    // The router's own address comes before those of pools and pairs.
    let pooled = draft.outside.map(\.address)
    for interface in interfaces {
      guard let address = interface.address else { continue }
      if interface.isOutside == true, !pooled.contains(address) {
        draft.putFirst(interface.line, address)
      } else if interface.isOutside == false, let prefix = interface.prefix {
        draft.addInside(interface.line, prefix)
      }
    }
    if let keepsEndpoints, !draft.notes.hasNote(keepsEndpoints) {
      draft.notes.unread(keepsEndpoints, said("it is for overload, and nothing is overloaded"))
    }
  }
}
