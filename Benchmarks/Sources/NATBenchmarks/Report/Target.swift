// SPDX-License-Identifier: GPL-3.0-or-later

/// One goal, and whether it was met.
struct Target {
  var work: String
  var goal: String
  /// The result; nil if this run has not measured it.
  var outcome: (measured: String, isMet: Bool)?

  /// The size that the goals are for.
  static let size = 64_000

  static func all(in found: Measurements) -> [Target] {
    var targets = [
      packet("established packet, outbound", .outbound, atMost: 60, timesLookUp: 5, found),
      packet("established packet, inbound", .inbound, atMost: 60, timesLookUp: 5, found),
      packet("refused packet: filtered", .filtered, atMost: 50, timesLookUp: nil, found),
      packet("refused packet: no-mapping", .noMapping, atMost: 50, timesLookUp: nil, found),
      packet("new mapping", .newMapping, atMost: 250, timesLookUp: nil, found),
    ]
    targets.append(
      Target(
        work: "a mapping's memory, all told", goal: "160 bytes and less",
        outcome: found[.bytes, size].map { ("\(whole($0.value)) bytes", $0.value <= 160) }))
    targets += throughput(found) + growth(found) + scale(found) + traversal(found)
    targets.append(
      Target(
        work: "first prompt", goal: "at most 2x sqlite3's",
        outcome: found[.firstPrompt].flatMap { prompt in
          prompt.ratio.map { ratio in
            let other = found[.sqlitePrompt].map { ", sqlite3 \(decimal($0.value)) ms" } ?? ""
            return ("\(decimal(prompt.value)) ms\(other): \(decimal(ratio))x", ratio <= 2)
          }
        }))
    return targets
  }

  private static func packet(
    _ work: String, _ row: Row, atMost limit: Double, timesLookUp times: Double?, _ found: Measurements
  ) -> Target {
    let goal = "\(whole(limit)) ns and less" + (times.map { ", \(whole($0))x the bare look-up" } ?? "")
    return Target(
      work: work, goal: goal,
      outcome: found[row, size].map { measurement in
        let ratio = measurement.ratio ?? .nan
        return (
          "\(decimal(measurement.value)) ns, \(decimal(ratio))x",
          measurement.value <= limit && (times.map { ratio <= $0 } ?? true)
        )
      })
  }

  private static func throughput(_ found: Measurements) -> [Target] {
    let nanoseconds = found[.untraced, size]?.value
    let events = Double(SimulatorWorkload.eventsPerPacket)
    return [
      Target(
        work: "end to end through a NAT, trace off", goal: "1M packets/s and more",
        outcome: nanoseconds.map { ("\(millions(1e9 / $0)) packets/s", 1e9 / $0 >= 1e6) }),
      Target(
        work: "the same, counted in events", goal: "3M events/s",
        outcome: nanoseconds.map { ("\(millions(events * 1e9 / $0)) events/s", events * 1e9 / $0 >= 3e6) }),
    ]
  }

  /// How many times as much a packet costs at 1M mappings as at 1k, compared with the same for the bare look-up.
  private static func growth(_ found: Measurements) -> [Target] {
    func factor(_ row: Row) -> Double? {
      guard let large = found[row, 1_000_000], let small = found[row, 1_000] else { return nil }
      return large.value / small.value
    }
    return [("outbound", Row.outbound), ("inbound", .inbound)].map { word, row in
      Target(
        work: "growth from 1k to 1M mappings, \(word)", goal: "at most the bare look-up's growth",
        outcome: factor(row).flatMap { own in
          factor(.lookUp).map { bare in ("\(decimal(own))x, bare look-up \(decimal(bare))x", own <= bare) }
        })
    }
  }

  /// Getting through: whole calls, with all their servers and routers.
  private static func traversal(_ found: Measurements) -> [Target] {
    [
      Target(
        work: "ICE calls", goal: "10,000 a minute of the processor's time",
        outcome: found[.iceCall].map { ("\(grouped(Int(60_000 / $0.value))) a minute", $0.value <= 6) }),
      Target(
        work: "crowd 1000 ice for 10s", goal: "faster than real time",
        outcome: found[.iceCrowdTime].map { ("\(decimal($0.value)) s", $0.value < 10) }),
      Target(
        work: "matrix behaviors", goal: "less than 50 ms",
        outcome: found[.matrix].map { ("\(decimal($0.value)) ms", $0.value < 50) }),
    ]
  }

  private static func scale(_ found: Measurements) -> [Target] {
    let largest = found.sizes(of: .longestPause).last
    let crowds = found.sizes(of: .crowd)
    let few = crowds.first.flatMap { found[.crowd, $0] }
    let many = crowds.last.flatMap { found[.crowd, $0] }
    return [
      Target(
        work: "longest pause while a NAT grows to \(largest.map { grouped($0) } ?? "10,000,000") mappings",
        goal: "a screen's frame, 16.7 ms",
        outcome: largest.flatMap { found[.longestPause, $0] }.map { ("\(decimal($0.value)) ms", $0.value <= 16.7) }),
      Target(
        work: "crowd 1000 via server for 10s", goal: "faster than real time",
        outcome: found[.crowdTime].map { ("\(decimal($0.value)) s", $0.value < 10) }),
      Target(
        work: "crowd of 10 to 10,000 users", goal: "linear: a packet costs at most 2x as much",
        outcome: few.flatMap { few in
          many.map { many in
            (
              "\(whole(few.value)) to \(whole(many.value)) ns a packet: \(decimal(many.value / few.value))x",
              many.value <= 2 * few.value
            )
          }
        }),
    ]
  }
}
