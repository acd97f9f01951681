// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A NAT as RFC 4787 describes it, in arrays that are searched from end to end, to compare the fast one with.
///
/// If the text leaves the NAT a choice (a random port), the reference is given the choice and says whether it
/// was allowed.
struct ReferenceNAT {
  struct Conversation {
    var remote: Endpoint
    /// Its place among all conversations of the NAT.
    var order: Int
    var connection = ReferenceConnection()
  }

  struct Row {
    var id: Int
    var transport: TransportProtocol
    var inside: Endpoint
    var outside: Endpoint
    /// The remotes that it was used towards, in order; it was made for the first.
    var conversations: [Conversation]
    var dependence: EndpointDependence
    var isStatic = false
    var mayShare = false
    var lifetimes: MappingLifetimes
    var created: Instant
    var expires: Instant
    /// Whether a packet has gone the other way than the one it was made for.
    var isAnswered = false
    /// Made for a packet from outside, which the default host got.
    var isForwarded = false
    var packetsOut = 0
    var packetsIn = 0
    var createdBy = 0

    func wasUsed(towards remote: Endpoint) -> Bool { conversations.contains { $0.remote == remote } }

    /// Whether its mapping behaviour makes it the row for packets to `remote` (RFC 4787 §4.1).
    func serves(_ remote: Endpoint) -> Bool {
      switch dependence {
      case .endpointIndependent: true
      case .addressDependent: conversations[0].remote.address == remote.address
      case .addressAndPortDependent: conversations[0].remote == remote
      }
    }
  }

  struct RestingPort {
    var transport: TransportProtocol
    var endpoint: Endpoint
    var until: Instant
  }

  var behavior: NATBehavior
  var addresses: [IPAddress]
  var rows: [Row] = []
  var past: [Row] = []
  var expiredIDs: [Int] = []
  var resting: [RestingPort] = []
  /// The connections that timed out and whose ends are to be told.
  var idle: [String] = []
  var cursors: [String: Int] = [:]
  var nextAddress = 0
  /// The outside address that each inside host with mappings is paired with (RFC 4787 REQ-2).
  var paired: [IPAddress: IPAddress] = [:]
  /// The outside addresses that are one inside host's each, both ways and port for port (RFC 2663 §4.1.1).
  var pairs: [AddressPair] = []
  /// The inside host that gets what comes from outside and is nobody's.
  var defaultHost: IPAddress?
  /// The block of ports that each inside host with mappings has, by its place in the range.
  var blocks: [IPAddress: Int] = [:]
  var lastID = 0
  var conversations = 0
  /// The mapping that the NAT under test says a packet met, if several that ended at one instant would do, or several
  /// that are for the same flow.
  var hint: Int?

  enum Outcome: Equatable {
    case forward(to: Side, Packet, mapping: Int?, MappingChange?)
    case drop(DropReason, mapping: Int?, MappingChange?)
  }

  mutating func pass(_ now: Instant) {
    resting.removeAll { $0.until <= now }
    for row in rows.filter({ !$0.isStatic && $0.expires <= now }).sorted(by: { $0.expires < $1.expires }) {
      past.append(row)
      // A reset goes to both ends of each connection that is open.
      if behavior.resetsIdle, row.transport == .tcp {
        let open = row.conversations.filter { ["established", "fin-wait", "close-wait"].contains($0.connection.state) }
        idle += open.map { "\(row.inside) \(row.outside) \($0.remote)" }
      }
      expiredIDs.append(row.id)
      remove(row, at: row.expires)
    }
    resting.removeAll { $0.until <= now }
  }

  mutating func remove(_ row: Row, at moment: Instant) {
    rows.removeAll { $0.id == row.id }
    if !rows.contains(where: { !$0.isStatic && !$0.isForwarded && $0.inside.address == row.inside.address }) {
      paired[row.inside.address] = nil
      blocks[row.inside.address] = nil
    }
    let isLastUser = !rows.contains { $0.transport == row.transport && $0.outside == row.outside }
    if behavior.portRest > .zero, isLastUser, !row.isStatic, isTranslated(row) {
      resting.append(RestingPort(transport: row.transport, endpoint: row.outside, until: moment + behavior.portRest))
    }
  }

  /// Ends a row whose time has not come: what timed out before it there no longer counts.
  mutating func end(_ row: Row, at moment: Instant) {
    past.removeAll { $0.transport == row.transport && $0.outside == row.outside }
    remove(row, at: moment)
  }

  func isTranslated(_ row: Row) -> Bool { row.inside != row.outside }

  /// Takes `packet` through; `chosen` is the outside endpoint that the NAT under test gave a new mapping.
  mutating func translate(_ packet: Packet, from side: Side, at now: Instant, number: Int, chosen: (Int) -> Endpoint?)
    -> Outcome
  {
    pass(now)
    if isNonsense(packet) { return .drop(.invalid, mapping: nil, nil) }
    if let outcome = wholeAddress(packet, from: side, at: now, number: number) { return outcome }
    if packet.icmp.isError { return side == .inside ? errorOut(packet) : errorIn(packet) }
    return side == .inside
      ? out(packet, at: now, number: number, chosen: chosen) : inbound(packet, at: now, number: number)
  }

  /// Whether no router passes it on (RFC 1812 §5.3.7, §5.3.8) and no NAT has room for it.
  private func isNonsense(_ packet: Packet) -> Bool {
    let ends = [packet.source, packet.destination]
    let scopes: [AddressScope] = [.unspecified, .loopback, .multicast, .broadcast, .reserved, .linkLocal]
    if ends.contains(where: { scopes.contains($0.address.scope) }) { return true }
    if ends[0].address.family != ends[1].address.family || addresses.contains(ends[0].address) { return true }
    guard behavior.translates || behavior.firewall else { return false }
    if packet.transport == .icmp { return packet.icmp == .none }
    if ends.contains(where: { $0.port == 0 }) || packet.icmp != .none { return true }
    guard packet.transport == .tcp else { return false }
    let said = Set(packet.tcpFlags.names).intersection(["syn", "fin", "rst", "ack"])
    let sensible: [Set<String>] = [["syn"], ["syn", "ack"], ["ack"], ["fin", "ack"], ["rst"], ["rst", "ack"]]
    return !sensible.contains(said)
  }

  /// ICMP has no remote port (RFC 5508 §3.1).
  func remote(_ endpoint: Endpoint, _ transport: TransportProtocol) -> Endpoint {
    transport == .icmp ? Endpoint(endpoint.address, 0) : endpoint
  }

  // MARK: Outbound

  private mutating func out(_ packet: Packet, at now: Instant, number: Int, chosen: (Int) -> Endpoint?) -> Outcome {
    let translates = behavior.translates && packet.source.address.isIPv4
    if !translates, !behavior.firewall { return .forward(to: .outside, packet, mapping: nil, nil) }
    let turnsRound = translates && addresses.contains(packet.destination.address)
    if turnsRound, !behavior.hairpinning { return .drop(.hairpinOff, mapping: nil, nil) }
    let to = remote(packet.destination, packet.transport)
    let whole = translates ? pairs.first { $0.external == packet.destination.address } : nil
    if whole == nil, turnsRound {
      let sought = newest(packet.transport, packet.destination)
      if byDefault(packet, row: sought, from: to) == nil {
        guard let sought else {
          let old = timedOut(packet.transport, packet.destination)
          return .drop(old == nil ? .noMapping : .expired, mapping: old, nil)
        }
        if behavior.hairpinsForwardsOnly, !rows[sought].isStatic {
          // What was turned round to a forward is answered the same way back.
          let sender = rowOut(packet.transport, packet.source, towards: to).map { rows[$0] }
          guard let sender, sender.isStatic || sender.isForwarded,
            isKnown(sender.outside, to: packet.destination, packet.transport)
          else { return .drop(.hairpinOff, mapping: nil, nil) }
        }
      }
    }

    var index: Int
    let change: MappingChange?
    if let known = rowOut(packet.transport, packet.source, towards: to) {
      index = known
      change = rows[index].isStatic || !packet.tcpFlags.contains(.rst) ? .refreshed : nil
      use(index, out: packet.tcpFlags, towards: to, at: now)
    } else {
      if behavior.midstream != .pickedUp, packet.transport == .tcp, !packet.tcpFlags.contains(.syn) {
        return .drop(.invalid, mapping: nil, nil)
      }
      if let reason = make(packet, to, translates, at: now, number: number, chosen: chosen) {
        return .drop(reason, mapping: nil, nil)
      }
      index = rows.count - 1
      change = .created
    }
    let id = rows[index].id
    var rewritten = packet
    if translates {
      rewritten.source = rows[index].outside
      if packet.transport == .icmp { rewritten.destination.port = rewritten.source.port }
    }
    guard turnsRound else { return .forward(to: .outside, rewritten, mapping: id, change) }
    if let whole {
      rewritten.destination.address = whole.inside
      return .forward(to: .inside, rewritten, mapping: id, change)
    }

    // RFC 4787 REQ-9: to the receiver it is a packet from outside, from the sender's outside endpoint.
    let from = remote(rows[index].outside, packet.transport)
    let known = rowIn(packet.transport, packet.destination, from: from)
    if let host = byDefault(packet, row: known, from: from) {
      var arrived = packet
      arrived.source = rows[index].outside
      switch begin(arrived, with: host, from: from, at: now, number: number) {
      case .drop(let reason, _, _): return .drop(reason, mapping: nil, nil)
      case .forward(_, let turned, _, _): return .forward(to: .inside, turned, mapping: id, change)
      }
    }
    guard let receiver = known else { return .drop(.noMapping, mapping: nil, nil) }
    guard admits(receiver, from) else { return .drop(.filtered, mapping: rows[receiver].id, nil) }
    use(receiver, in: packet.tcpFlags, from: from, at: now)
    rewritten.destination = rows[receiver].inside
    if packet.transport == .icmp { rewritten.source.port = rewritten.destination.port }
    return .forward(to: .inside, rewritten, mapping: id, change)
  }

  /// The row of an outbound flow: a static mapping, else the row it used before, else the one it is for.
  func rowOut(_ transport: TransportProtocol, _ inside: Endpoint, towards remote: Endpoint) -> Int? {
    let own = rows.indices.filter { rows[$0].transport == transport && rows[$0].inside == inside }
    if let fixed = own.first(where: { rows[$0].isStatic }) { return fixed }
    let isTranslated = behavior.translates && inside.address.isIPv4
    let dependence = isTranslated ? behavior.mapping : .endpointIndependent
    // A row that was made under another setting goes on, as does one that the remote itself began.
    let used = own.filter { rows[$0].wasUsed(towards: remote) && rows[$0].serves(remote) }
    let others = used.filter { rows[$0].dependence != dependence }
    if let row = tied(others.isEmpty ? used : others) { return row }
    return own.first { number in
      let row = rows[number]
      guard row.dependence == dependence, row.serves(remote) else { return false }
      // If ports are overloaded, the remote may know the outside endpoint as another's.
      return !row.mayShare
        || !rows.contains {
          $0.transport == transport && $0.outside == row.outside && $0.wasUsed(towards: remote)
        }
    }
  }

  /// The one of the rows that depends least on the remote; of several the one that the NAT under test has taken.
  func tied(_ candidates: [Int]) -> Int? {
    guard let least = candidates.map({ rows[$0].dependence }).min() else { return nil }
    let equal = candidates.filter { rows[$0].dependence == least }
    return equal.first { rows[$0].id == hint } ?? equal.first
  }

  mutating func use(_ index: Int, out flags: TCPFlags, towards remote: Endpoint, at now: Instant) {
    rows[index].packetsOut += 1
    if rows[index].isStatic { return }
    if rows[index].isForwarded { rows[index].isAnswered = true }
    // A second connection may change the lifetime already, since those of several are not told apart by state.
    let before = lifetime(index, at: now)
    if !rows[index].wasUsed(towards: remote) { rows[index].conversations.append(conversation(remote)) }
    if rows[index].transport == .tcp { see(flags, outbound: true, index, remote) }
    // A reset is not a sign of life (RFC 7857 §7.1).
    let after = lifetime(index, at: now)
    if !flags.contains(.rst) || before != after { rows[index].expires = now + after }
  }

  mutating func conversation(_ remote: Endpoint) -> Conversation {
    conversations += 1
    return Conversation(remote: remote, order: conversations)
  }

  // MARK: Inbound

  mutating func inbound(_ packet: Packet, at now: Instant, number: Int) -> Outcome {
    let from = remote(packet.source, packet.transport)
    let found = rowIn(packet.transport, packet.destination, from: from)
    if let host = byDefault(packet, row: found, from: from) {
      return begin(packet, with: host, from: from, at: now, number: number)
    }
    guard let index = found else { return refused(packet.transport, packet.destination, packet) }
    guard admits(index, from) else { return .drop(.filtered, mapping: rows[index].id, nil) }
    let refreshed = use(index, in: packet.tcpFlags, from: from, at: now)
    var rewritten = packet
    rewritten.destination = rows[index].inside
    if packet.transport == .icmp { rewritten.source.port = rewritten.destination.port }
    return .forward(to: .inside, rewritten, mapping: rows[index].id, refreshed ? .refreshed : nil)
  }

  func rowIn(_ transport: TransportProtocol, _ outside: Endpoint, from remote: Endpoint) -> Int? {
    let candidates = rows.indices.filter { rows[$0].transport == transport && rows[$0].outside == outside }
    if let exact = candidates.first(where: { rows[$0].wasUsed(towards: remote) }) { return exact }
    // Several may share the outside endpoint: the last that turned to this address, else the newest.
    func turned(_ index: Int) -> Int? { rows[index].conversations.first { $0.remote.address == remote.address }?.order }
    let turned = candidates.compactMap { index in turned(index).map { (order: $0, index: index) } }
    return turned.max { $0.order < $1.order }?.index ?? candidates.last
  }

  /// Whether whoever has the outside endpoint `outside` has sent to `remote`.
  func isKnown(_ remote: Endpoint, to outside: Endpoint, _ transport: TransportProtocol) -> Bool {
    let remote = self.remote(remote, transport)
    return rows.contains { $0.transport == transport && $0.outside == outside && $0.wasUsed(towards: remote) }
  }

  /// RFC 4787 §5.
  func admits(_ index: Int, _ remote: Endpoint) -> Bool {
    if rows[index].isStatic || !behavior.firewall { return true }
    switch behavior.filtering {
    case .endpointIndependent: return true
    case .addressDependent: return rows[index].conversations.contains { $0.remote.address == remote.address }
    case .addressAndPortDependent: return rows[index].wasUsed(towards: remote)
    }
  }

  @discardableResult
  mutating func use(_ index: Int, in flags: TCPFlags, from remote: Endpoint, at now: Instant) -> Bool {
    rows[index].packetsIn += 1
    if rows[index].isStatic { return false }
    if !rows[index].isForwarded { rows[index].isAnswered = true }
    let before = lifetime(index, at: now)
    if rows[index].transport == .tcp { see(flags, outbound: false, index, remote) }
    let after = lifetime(index, at: now)
    let refreshes = behavior.refresh == .both && !flags.contains(.rst)
    if refreshes || rows[index].transport == .tcp && before != after { rows[index].expires = now + after }
    return refreshes
  }

  func timedOut(_ transport: TransportProtocol, _ outside: Endpoint) -> Int? {
    let ended = past.filter { $0.transport == transport && $0.outside == outside }
    let last = ended.filter { row in ended.allSatisfy { $0.expires <= row.expires } }
    return last.contains { $0.id == hint } ? hint : last.last?.id
  }

  func refused(_ transport: TransportProtocol, _ outside: Endpoint, _ packet: Packet) -> Outcome {
    let translates = behavior.translates && outside.address.isIPv4
    if !translates, !behavior.firewall { return .forward(to: .inside, packet, mapping: nil, nil) }
    if let id = timedOut(transport, outside) { return .drop(.expired, mapping: id, nil) }
    return .drop(translates ? .noMapping : .firewall, mapping: nil, nil)
  }
}
