// SPDX-License-Identifier: GPL-3.0-or-later

/// Packets from outside: they come in through a mapping that admits their sender, or not at all (RFC 4787 §5).
extension NAT {
  /// - Parameter begins: whether a static mapping that is a rule makes a row for the flow that the packet begins.
  mutating func translateInbound(
    _ packet: inout Packet, at now: Instant, number: Int, begins: Bool = true
  ) -> Translation {
    let transport = packet.transport
    let remote = word(packet.source, transport)
    let found = canAnswer(packet) ? inboundRow(transport, packet.destination, from: remote) : nil
    if let inside = defaultEndpoint(for: packet, row: found, from: remote) {
      return beginForwarded(&packet, to: inside, by: found, from: remote, at: now, number: number, makesRow: begins)
    }
    guard let row = found else {
      if isExempt(packet.source.address), !isExternal(packet.destination.address) {
        return .forward(to: .inside, .none)
      }
      let refusal = refusal(transport, packet.destination)
      if case .drop = refusal { noteRefusal(of: packet, number: number, at: now) }
      return refusal
    }
    guard admits(row, from: remote) else {
      noteRefusal(of: packet, number: number, at: now)
      return .drop(.filtered, Translation.Change(mapping: Int(rows[row].id)))
    }
    if rows[row].traits.contains(.isExpected) {
      return beginExpected(&packet, by: row, from: remote, at: now, number: number, makesRow: begins)
    }
    if isRule(row) {
      let inside = internalEndpoint(row)
      return beginForwarded(&packet, to: inside, by: row, from: remote, at: now, number: number, makesRow: begins)
    }
    let (inside, family, id) = (rows[row].internal, rows[row].family, Int(rows[row].id))
    let isTranslated = !rows[row].traits.contains(.isUntranslated)
    let refreshed: Bool
    if behavior.tracking == .connections {
      switch track(row, packet, outbound: false, towards: remote, at: now, number: number) {
      case .passes(let refreshes): refreshed = refreshes
      case .isInvalid: return .drop(.invalid, Translation.Change(mapping: id))
      case .beginsAnew:
        // Its row is gone: it may begin another by a rule, or is for nobody.
        return translateInbound(&packet, at: now, number: number, begins: begins)
      }
    } else {
      refreshed = noteInbound(row, packet, from: remote, at: now)
    }
    if isTranslated { packet.destination = addresses.endpoint(inside, family) }
    if transport == .icmp { packet.source.port = packet.destination.port }
    return .forward(to: .inside, Translation.Change(mapping: id, kind: refreshed ? .refreshed : nil))
  }

  /// The fate of a packet to `destination`, for which there is no row.
  // If called out of line from a mutating function, it would be given a copy of the whole NAT.
  @inline(__always)
  func refusal(_ transport: TransportProtocol, _ destination: Endpoint) -> Translation {
    let translates =
      destination.address.isIPv4
      && (behavior.translates || behavior.nat64 != nil && isExternal(destination.address))
    if !translates, !behavior.firewall { return .forward(to: .inside, .none) }
    if let old = expired.findID(transport, shownOutside(destination)) {
      return .drop(.expired, Translation.Change(mapping: old))
    }
    return .drop(translates ? .noMapping : .firewall, .none)
  }

  /// Whether an error is one that a host or router can have sent: not about another error (RFC 1122 §3.2.2), and
  /// addressed to the source of the quoted packet.
  static func isSensible(_ error: Packet, _ quoted: QuotedPacket) -> Bool {
    !quoted.icmp.isError && quoted.source.address == error.destination.address
      && error.source.address.isIPv4 == quoted.destination.address.isIPv4
  }

  /// An ICMP error from outside goes to the inside host whose packet it quotes, and quotes it as that host sent it
  /// (RFC 5508 §4.2, REQ-4). It is not a sign of life: nothing is refreshed (§4.3, REQ-6).
  mutating func translateInboundError(_ packet: inout Packet) -> Translation {
    guard var quoted = packet.quoted, Self.isSensible(packet, quoted) else { return .drop(.invalid, .none) }
    let remote = word(quoted.destination, quoted.transport)
    guard isQuotedRightly(quoted, outwards: true) else { return .drop(.invalid, .none) }
    guard let row = inboundRow(quoted.transport, quoted.source, from: remote), !isRule(row) else {
      return refusal(quoted.transport, quoted.source)
    }
    let change = Translation.Change(mapping: Int(rows[row].id))
    guard !behavior.firewall || rows[row].traits.contains(.isStatic) || wasUsed(row, towards: remote) else {
      return .drop(.filtered, change)
    }
    let inside = internalEndpoint(row)
    packet.destination.address = inside.address
    quoted.source = inside
    if quoted.transport == .icmp { quoted.destination.port = inside.port }
    packet.payload = .quote(quoted)
    return .forward(to: .inside, change)
  }

  /// An ICMP error from inside about a packet that was let in leaves from the mapping's outside address, and quotes the
  /// packet as its sender knows it (RFC 5508 §4.2, REQ-5).
  mutating func translateOutboundError(_ packet: inout Packet) -> Translation {
    guard var quoted = packet.quoted, Self.isSensible(packet, quoted), isQuotedRightly(quoted, outwards: false) else {
      return untracked(packet)
    }
    // A NAT64's host quotes with IPv6 addresses what came with IPv4 ones.
    guard packet.source.address.isIPv4 ? behavior.translates : quoted.source.address.isIPv4 else {
      return .forward(to: .outside, .none)
    }
    let key = key(quoted.transport, inside: quoted.destination, remote: quoted.source)
    guard let row = rowOfFlow(key) else { return untracked(packet) }
    let change = Translation.Change(mapping: Int(rows[row].id))
    quoted.destination = externalEndpoint(row)
    if quoted.transport == .icmp { quoted.source.port = quoted.destination.port }
    var side = Side.outside
    if isExternal(packet.destination.address) {
      // It is about a packet that was turned round: its sender is inside as well.
      let receiver = word(quoted.destination, quoted.transport)
      guard let sender = inboundRow(quoted.transport, quoted.source, from: receiver) else {
        return .drop(.invalid, change)
      }
      packet.destination.address = internalEndpoint(sender).address
      quoted.source = internalEndpoint(sender)
      side = .inside
    }
    packet.source.address = externalEndpoint(row).address
    packet.payload = .quote(quoted)
    return .forward(to: side, change)
  }

  /// The row through which a flow's ends talk, whatever behaviour it was made under.
  private mutating func rowOfFlow(_ key: FlowKey) -> Int? {
    for binding in EndpointDependence.allCases {
      guard let row = outboundRow(key, binding) else { continue }
      if admits(row, from: key.remote) { return row }
    }
    return nil
  }
}
