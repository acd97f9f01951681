// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `packet [N]`
public struct PacketCommand: Command {
  /// The packet's number; nil is the last packet.
  public let number: Located<Int>?

  public init(_ arguments: Arguments) throws(SyntaxError) { number = arguments.optionalCount("N") }

  public static let declaration = CommandDeclaration(
    Self.self, "packet", group: .looking, effect: .looks, forms: [[.optional("N", .count(1...Int.max))]],
    summary: said("shows one packet hop by hop, its headers before and after"),
    details: [
      said(
        "Without a number it shows the last packet. The headers are as they would be on a wire, field by field and in ",
        "their order; changes by a device are marked.")
    ],
    examples: ["scene one-home", "send alice:5000 bob:4000 hello", "run", "packet 1"], seeAlso: ["packets", "why"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let last = session.network.trace.packetCount
    guard number != nil || last > 0 else { throw CommandError(.noPacketYet) }
    let record = try session.packet(number?.value ?? last, at: number?.columns)
    return CommandOutcome(
      PacketReport(
        packet: session.summary(record),
        trace: session.network.trace.hops(ofPacket: record.number).map(session.report),
        beginIsForgotten: session.network.trace.hasForgottenHops(ofPacket: record.number), sent: record.packet,
        meetsLimits: session.network.hasSizeLimits))
  }
}
