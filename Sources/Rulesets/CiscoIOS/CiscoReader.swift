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
  struct Interface {
    var name: String
    var address: IPAddress?
    var prefix: IPPrefix?
    var isOutside: Bool?
    /// Whether it drops what a list denies without an ICMP message.
    var isSilent = false
    var line: Int
  }

  var draft = RouterDraft(base: .symmetric)
  private var pools: [String: Pool] = [:]
  var interfaces: [Interface] = []
  var lists: [String: CiscoAccessList] = [:]
  /// The lists that interfaces have, and which are used at all.
  var groups: [(line: Int, interface: Int, list: String, isInbound: Bool)] = []
  var usedLists: Set<String> = []
  /// The addresses that dynamic translations give, and the line of the first of those; none if they are an interface's.
  private var shared: (line: Int, addresses: [IPAddress], interface: String?)?
  /// The lines of static translations, and those that name an interface instead of an address.
  private var staticLines: [Int] = []
  private var interfaceForwards: [(line: Int, name: String)] = []
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
      if words.count >= 4 { groups.append((line.number, interfaces.count - 1, words[2], words[3] == "in")) }
    case ("no", "ip") where isInInterface:
      if words.last == "unreachables" { interfaces[interfaces.count - 1].isSilent = true }
    case ("ip", "policy") where isInInterface: draft.notes.unread(line.number, said("natsh has no route maps"))
    case ("ip", "inspect"), ("zone-pair", _), ("crypto", "map"):
      draft.notes.unread(line.number, said("it has no counterpart"))
    case ("ip", "access-list"):
      isInInterface = false
      list = words.count >= 4 && ["standard", "extended"].contains(words[2]) ? words[3] : nil
      if let list { lists[list] = lists[list] ?? .init() }
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

  private mutating func takeListed(_ line: SourceLine, _ name: String, _ words: ArraySlice<String>) {
    if let entry = CiscoAccessList.Entry(line: line.number, words) {
      lists[name, default: .init()].entries.append(entry)
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
    let isOverload = words.contains("overload")
    if words.contains("vrf") {
      return draft.notes.unread(line.number, said("natsh's routers have one table of routes"))
    }
    switch words.dropFirst(6).first {
    case "interface":
      let name = words.dropFirst(7).prefix { $0 != "overload" && $0 != "vrf" }.joined()
      guard !name.isEmpty else { throw broken(line, said("the interface is missing; was it cut off?")) }
      let address = interfaces.first { $0.name == name }?.address
      guard share(line, address.map { [$0] } ?? [], interface: name) else { return }
      takeTranslated(words[5], by: line.number)
      if let address { draft.addOutside(line.number, [address]) }
      draft.notes.became(line.number, said("nat on: the outside address is that of interface \(name)"))
    case "pool":
      guard let name = words.dropFirst(7).first else {
        throw broken(line, said("the pool is missing; was it cut off?"))
      }
      guard let pool = pools[name] else { throw broken(line, said("there is no pool \(name)")) }
      guard share(line, pool.addresses, interface: nil) else { return }
      takeTranslated(words[5], by: line.number)
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

  /// Notes what a dynamic translation gives; false if natsh's router gives something else already.
  private mutating func share(_ line: SourceLine, _ addresses: [IPAddress], interface: String?) -> Bool {
    if let shared, shared.addresses != addresses || shared.interface != interface {
      if let interface, let first = shared.interface {
        draft.notes.unread(
          line.number,
          said(
            "a router here has one way out, \(first), so \(interface) is left out; ",
            "`router NAME beside ROUTER` adds a second gateway"))
      } else {
        draft.notes.unread(
          line.number, said("the outside address is the same for every host here: natsh does not choose by rule"))
      }
      return false
    }
    shared = shared ?? (line.number, addresses, interface)
    return true
  }

  /// Notes the words behind a static translation that mean more than it does here.
  private mutating func noteRest(_ line: SourceLine, _ words: some Sequence<String>) {
    for word in words {
      switch word {
      case "vrf", "match-in-vrf": draft.notes.unread(line.number, said("natsh's routers have one table of routes"))
      case "route-map":
        draft.notes.unread(line.number, said("natsh has no route maps"))
      case "no-alias", "no-payload", "redundancy", "stateful":
        draft.notes.unread(line.number, said("'\(word)' has no counterpart"))
      default: continue
      }
    }
  }

  /// `ip nat inside source static tcp 192.168.1.10 80 203.0.113.5 8080`, `… static 192.168.1.10 203.0.113.9`
  private mutating func takeStatic(_ line: SourceLine, _ words: [String]) throws(RulesetFault) {
    let rest = Array(words[5...])
    noteRest(line, rest)
    staticLines.append(line.number)
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
      if rest[3] == "interface" {
        interfaceForwards.append((line.number, rest.dropFirst(4).prefix { UInt16($0) != UInt16(port) }.joined()))
      }
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
    let wayOut = self.wayOut
    for interface in interfaces {
      if interface.isOutside == false, let prefix = interface.prefix { draft.addInside(interface.line, prefix) }
      guard interface.isOutside == true, interface.name != wayOut?.name else { continue }
      if let wayOut {
        draft.notes.unread(
          interface.line,
          said(
            "a router here has one way out, \(wayOut.name), so \(interface.name) is left out; ",
            "`router NAME beside ROUTER` adds a second gateway"))
      }
    }
    for (line, name) in interfaceForwards where wayOut != nil && name != wayOut?.name {
      draft.notes.became(line, said("from outside, which is \(wayOut?.name ?? "") here rather than \(name)"))
    }
    if let wayOut, let address = wayOut.address { placeOwn(address, line: wayOut.line) }
    if shared == nil, sources.allSatisfy({ $0.words[4] == "static" }) {
      for line in staticLines {
        draft.notes.unread(line, said("the other hosts leave untranslated; here they share the router's address"))
      }
    }
    if let keepsEndpoints, !draft.notes.hasNote(keepsEndpoints) {
      draft.notes.unread(keepsEndpoints, said("it is for overload, and nothing is overloaded"))
    }
    finishLists()
  }

  /// The interface by which the router's packets leave: the one that a translation names, else the first that is outside.
  private var wayOut: Interface? {
    interfaces.first { $0.isOutside == true && $0.name == shared?.interface }
      ?? interfaces.first { $0.isOutside == true }
  }

  /// Puts the interface's address before those of pools and pairs, if the router uses it. IOS never gives it to hosts that have
  /// a pool, and natsh's routers give their own address like any other: so a pool's first address is the router's own, unless
  /// something is forwarded at the interface's.
  private mutating func placeOwn(_ address: IPAddress, line: Int) {
    guard let shared, shared.interface == nil, !shared.addresses.contains(address) else {
      return draft.putFirst(line, address)
    }
    let isForwarded = draft.forwards.contains { $0.address == address } || !interfaceForwards.isEmpty
    guard isForwarded, address.scope.isRoutedOnInternet else {
      draft.notes.unread(
        line, said("the pool does not have \(address), and the router here uses the pool's addresses alone"))
      return
    }
    draft.putFirst(line, address)
    draft.notes.unread(
      shared.line,
      said(
        "hosts get \(address) as well here, since the router forwards at it; IOS gives them the pool's addresses alone")
    )
  }
}
