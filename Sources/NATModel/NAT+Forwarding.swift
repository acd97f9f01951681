// SPDX-License-Identifier: GPL-3.0-or-later

/// Static mappings when connections are tracked: rules for the destination of a new flow from outside, as netfilter's
/// `dnat` does it. The flow then has a row of its own, whatever happens to the rule.
extension NAT {
  /// Whether row `number` is a rule for new flows rather than a mapping that packets use. A hole in the firewall for what
  /// is not translated has nothing to rewrite, so packets use it as it is.
  @inline(__always)
  func isRule(_ number: Int) -> Bool {
    rows[number].traits.contains(.isStatic) && behavior.tracking == .connections
      && !rows[number].traits.contains(.isUntranslated)
  }

  /// Whether the outside port of row `number`, the first that has it, can also serve another flow. A rule takes no port
  /// from anybody.
  func sharesPort(_ number: Int) -> Bool {
    guard isRule(number) else { return rows[number].traits.contains(.sharesPort) }
    let next = rows[number].nextSharer
    return next == MappingRow.none || rows[Int(next)].traits.contains(.sharesPort)
  }

  /// Lets a packet from `remote`, which belongs to no flow, begin one with `inside`; one that goes no further makes no
  /// row.
  ///
  /// - Parameter rule: the static mapping that says so, or a flow of the default host from the same outside endpoint.
  mutating func beginForwarded(
    _ packet: inout Packet, to inside: Endpoint, by rule: Int?, from remote: EndpointWord, at now: Instant, number: Int,
    makesRow: Bool = true
  ) -> Translation {
    // The router's own flow is older than the rule, and goes on.
    if packet.transport == .udp, ownFlows.contains(packet.destination, towards: packet.source, at: now) {
      noteRefusal(of: packet, number: number, at: now)
      return .drop(.noMapping, .none)
    }
    guard Self.canBegin(packet), (packet.fragment?.offset ?? 0) == 0 else { return .drop(.invalid, .none) }
    guard makesRow else { return .forward(to: .inside, .none) }
    do throws(DropReason) {
      let row = try makeForwardedRow(for: packet, to: inside, at: now, number: number)
      if let rule, rows[rule].traits.contains(.isStatic) { rows[rule].countIn() }
      packet.destination = inside
      return .forward(to: .inside, Translation.Change(mapping: Int(rows[row].id), kind: .created))
    } catch {
      return .drop(error, .none)
    }
  }

  private mutating func makeForwardedRow(
    for packet: Packet, to inside: Endpoint, at now: Instant, number: Int
  ) throws(DropReason) -> Int {
    // Somebody else began the flow: it does not count towards the inside host's share, nor does it choose the host's
    // outside address.
    try checkRoom(nil)
    let made = insertRow(
      packet.transport, from: inside, as: packet.destination, towards: packet.source, binding: .addressAndPortDependent,
      traits: [.sharesPort, .isForwarded],
      RowDetails(createdAt: now, createdBy: UInt32(truncatingIfNeeded: number)))
    rows[made].packetsIn = 1
    if packet.transport == .tcp, behavior.tracking == .mappings {
      rows[made].connection.see(packet.tcpFlags, outbound: false)
    } else if packet.transport == .tcp, let segment = TrackedConnection.Segment(packet.tcpFlags) {
      var connection = TrackedConnection()
      _ = connection.see(segment, packet, fromOutside: false)
      rows[made].connection = connection.state(answered: false)
      keep(connection, in: made)
    }
    timers.add(made, to: timers.newRowList(Self.openingClass(of: rows[made])), at: now, in: &rows)
    return made
  }

  /// A datagram of a flow that began outside went through `row`; returns whether that refreshed it.
  mutating func noteForwarded(_ row: Int, outbound: Bool, at now: Instant) -> Bool {
    if outbound { rows[row].countOut() } else { rows[row].countIn() }
    let refreshes = outbound || behavior.refresh == .both
    // If connections are tracked, the first answer does not make a stream; the next packet does.
    let isFirstAnswer = outbound && !rows[row].traits.contains(.isAnswered)
    if isFirstAnswer, behavior.tracking == .mappings { rows[row].traits.insert(.isAnswered) }
    if refreshes { renew(row, as: lifetimeClass(row, at: now), at: now) }
    if isFirstAnswer { rows[row].traits.insert(.isAnswered) }
    return refreshes
  }
}
