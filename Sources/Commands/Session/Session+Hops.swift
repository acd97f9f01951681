// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator

extension Session {
  func packet(_ number: Int, at columns: Range<Int>?) throws(CommandError) -> PacketRecord {
    let trace = network.trace
    if let record = trace.packet(number) { return record }
    guard trace.packetCount > 0 else { throw CommandError(.noPacketYet, at: columns) }
    guard number <= trace.packetCount, number > 0 else {
      throw CommandError(.noSuchPacket(number, last: trace.packetCount), at: columns)
    }
    throw CommandError(.packetForgotten(number, oldest: trace.oldestPacket), at: columns)
  }

  func lastHops(_ count: Int, form: TraceReport.Form) -> TraceReport {
    let trace = network.trace
    let first = max(trace.hopCount - min(count, Self.mostListedHops) + 1, trace.oldestHop)
    return hops(from: first, to: trace.hopCount, form: form)
  }

  /// The hops numbered from `first` to `last`, as far as they are still in the trace.
  package func hops(from first: Int, to last: Int, form: TraceReport.Form) -> TraceReport {
    let trace = network.trace
    let hops = first <= last ? trace.hops(first...last) : []
    var seen: Set<DeviceID> = []
    let columns = hops.map(\.node).filter { seen.insert($0).inserted }
    return TraceReport(
      form: form, trace: hops.map(report), columns: columns.map { network.device($0).name }, omitted: first - 1,
      forgotten: trace.oldestHop - 1)
  }
}
