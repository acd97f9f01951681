// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator
import Wording

/// `stats`
public struct StatsCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "stats", strangers: ["statistics", "counters", "netstat"], group: .looking, effect: .looks,
    summary: said("counts bytes and packets by device and link, and times each conversation"),
    details: [
      said(
        "A TURN server that has relayed data has a line of its own: the megabits a second that crossed its link in and ",
        "out while data flowed, for how long that was, pauses left out, and how many bytes an hour of it would add to ",
        "somebody's bill.")
    ],
    examples: ["scene one-home", "ping alice bob", "run", "stats"], seeAlso: ["packets", "trace"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let network = session.network
    let all = [network.device(.internet)] + network.allDevices
    let devices = all.prefix(Session.mostListed)
    let conversations = session.conversations()
    return CommandOutcome(
      StatsReport(
        devices: devices.map {
          StatsReport.Device(
            name: $0.name, kind: $0.kind, sent: .init($0.sent), forwarded: .init($0.forwarded),
            delivered: .init($0.delivered), dropped: .init($0.dropped))
        },
        links: devices.dropFirst().map {
          StatsReport.Link(device: $0.name, up: .init($0.crossed.up), down: .init($0.crossed.down))
        },
        conversations: Array(conversations.prefix(Session.mostListed)), relays: session.relays()),
      notices: Notice.leftOut(.devices, all.count - devices.count)
        + Notice.leftOut(.conversations, max(0, conversations.count - Session.mostListed)))
  }
}

extension StatsReport.Relay {
  fileprivate init(_ carried: CarriedTraffic, host: String, program: String) {
    let span = Int128(carried.streamedFor.microseconds)
    func rate(_ bytes: Int64) -> Int64 {
      span > 0 ? Int64(clamping: (Int128(bytes) * 8_000_000 + span / 2) / span) : 0
    }
    let (incoming, outgoing) = (rate(carried.streamed.incoming), rate(carried.streamed.outgoing))
    self.init(
      host: host, program: program, inBytes: carried.total.incoming, outBytes: carried.total.outgoing,
      streamMicroseconds: carried.streamedFor.microseconds, inBitsPerSecond: incoming, outBitsPerSecond: outgoing,
      hourlyBytes: Int64(clamping: (Int128(incoming) + Int128(outgoing)) * 450))
  }
}

extension Session {
  /// The traffic that programs have relayed between others.
  fileprivate func relays() -> [StatsReport.Relay] {
    network.programs().compactMap { program in
      program.carried.map {
        StatsReport.Relay($0, host: network.device(program.host).name, program: program.name)
      }
    }
  }

  /// Delivered packets by who sent them to whom, in the order in which they began.
  fileprivate func conversations() -> [StatsReport.Conversation] {
    struct Key: Hashable {
      var from: DeviceID
      var to: DeviceID
      var transport: TransportProtocol
    }
    let trace = network.trace
    var order: [Key] = []
    var delivered: [Key: [(delay: Int64, crossings: Int)]] = [:]
    for number in trace.oldestPacket..<trace.packetCount + 1 {
      guard let record = trace.packet(number), record.state == .delivered, let to = record.endedAt,
        let time = record.endTime, !record.packet.icmp.isError
      else { continue }
      let key = Key(from: record.origin, to: to, transport: record.packet.transport)
      if delivered[key] == nil { order.append(key) }
      delivered[key, default: []].append(((time - record.sentAt).microseconds, record.crossings))
    }
    return order.compactMap { key in
      guard let packets = delivered[key] else { return nil }
      let delays = packets.map(\.delay).sorted()
      let crossings = packets.map(\.crossings)
      guard let least = crossings.min(), let most = crossings.max() else { return nil }
      return StatsReport.Conversation(
        from: network.device(key.from).name, to: network.device(key.to).name, transport: key.transport,
        packets: delays.count, minimumMicroseconds: delays[0], medianMicroseconds: delays[(delays.count - 1) / 2],
        maximumMicroseconds: delays[delays.count - 1], hops: least...most)
    }
  }
}

extension StatsReport.Counter {
  fileprivate init(_ counter: PacketCounter) {
    self.init(packets: counter.packets, bytes: counter.bytes)
  }
}
