// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `packets`
public struct PacketsCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "packets", group: .looking, effect: .looks,
    summary: said("lists all packets and what happened to them"),
    examples: ["scene direct", "send alice bob hello", "run", "packets"], seeAlso: ["packet", "why", "trace"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let trace = session.network.trace
    let known = (trace.oldestPacket..<trace.packetCount + 1).compactMap { trace.packet($0) }
    let listed = known.suffix(Session.mostListed)
    return CommandOutcome(
      PacketsReport(packets: listed.map(session.listing), forgotten: trace.oldestPacket - 1),
      notices: Notice.leftOut(.packets, known.count - listed.count))
  }
}
