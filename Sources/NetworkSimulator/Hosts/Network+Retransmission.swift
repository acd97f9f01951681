// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Hosts whose TCP sends again what is not acknowledged.
extension Network {
  /// Sets whether a host's TCP does so, and takes data only in order.
  public mutating func setRetransmission(of id: DeviceID, _ isOn: Bool) {
    guard case .host(let slot) = nodes[id.index].role else { return }
    hosts[slot].retransmits = isOn
    if !isOn { hosts[slot].retransmissions = [:] }
    noteAwaiting(id, slot)
  }

  /// Sets how long a host that closed a connection first remembers it; zero is not at all.
  public mutating func setTimeWait(of id: DeviceID, _ length: Interval) {
    guard case .host(let slot) = nodes[id.index].role else { return }
    hosts[slot].timeWait = max(length, .zero)
  }

  /// Notes whether a host waits for an acknowledgement.
  mutating func noteAwaiting(_ id: DeviceID, _ slot: Int) {
    let awaits = hosts[slot].awaitsAcknowledgement
    if awaits, !retransmittingHosts.contains(id) { retransmittingHosts.append(id) }
    if !awaits { retransmittingHosts.removeAll { $0 == id } }
  }

  /// When the next segment is sent again.
  var nextRetransmission: (host: DeviceID, slot: Int, key: ConnectionKey, due: Instant)? {
    var next: (host: DeviceID, slot: Int, key: ConnectionKey, due: Instant)?
    for id in retransmittingHosts {
      guard case .host(let slot) = nodes[id.index].role, let found = hosts[slot].nextRetransmission else { continue }
      if next.map({ found.due < $0.due }) ?? true { next = (id, slot, found.key, found.due) }
    }
    return next
  }

  /// Sends the next segment again, or gives its connection up, if that is due by `limit` and before any packet arrives
  /// anywhere.
  mutating func retransmit(until limit: Instant) -> Bool {
    guard let next = nextRetransmission, next.due <= limit, next.due < queue.nextDue else { return false }
    clock = max(clock, next.due)
    guard let entry = hosts[next.slot].retransmissions[next.key] else { return false }
    let remote = next.key.remote
    if entry.attempts >= Retransmission.mostAttempts {
      hosts[next.slot].connections[next.key] = nil
      hosts[next.slot].retransmissions[next.key] = nil
      noteAwaiting(next.host, next.slot)
      tell(
        "gave-up", next.host, packet: nil,
        [
          "remote": .endpoint(remote), "times": .number(entry.attempts + 1),
          "after": .text((clock - entry.since).description),
        ])
      if !hosts[next.slot].owners.isEmpty {
        deliver(
          Delivery(
            host: next.host, number: packetNumber, time: clock, transport: .tcp, local: next.key.local, remote: remote,
            content: .reset), atHost: next.slot)
      }
      return true
    }
    guard let segment = hosts[next.slot].segmentToSendAgain(on: next.key, at: clock) else { return false }
    let number = emit(segment, from: next.host)
    tell(
      "retransmitted", next.host, packet: number,
      [
        "remote": .endpoint(remote), "times": .number(entry.attempts + 1),
        "after": .text((clock - entry.since).description),
      ])
    return true
  }

  private mutating func tell(_ event: String, _ host: DeviceID, packet: Int?, _ data: EventData) {
    if isTracing { trace.add(event, by: "tcp", on: host, at: clock, packet: packet, data) }
  }
}
