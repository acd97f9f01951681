// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `seed [N]`
public struct SeedCommand: Command {
  /// Nil shows the seed.
  public let seed: Located<UInt64>?

  public init(_ arguments: Arguments) throws(SyntaxError) { seed = arguments.optionalSeed("N") }

  public var effect: CommandDeclaration.Effect { seed == nil ? .looks : .changes }

  public static let declaration = CommandDeclaration(
    Self.self, "seed", strangers: ["random", "luck"], group: .session, effect: .changes,
    forms: [[], [.required("N", .seed)]],
    summary: said("shows or sets the seed for all random choices"),
    details: [
      said(
        "The same script with the same seed gives the same bytes, on every machine. Set it before anything is built: what ",
        "is there may already have drawn random numbers.")
    ],
    examples: ["seed 42", "seed"], seeAlso: ["scripts", "reset"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    if let seed {
      guard session.network.allDevices.isEmpty, session.network.trace.packetCount == 0 else {
        throw CommandError(.seedAfterBuilding, at: seed.columns)
      }
      session.startOver(seed: seed.value)
    }
    return CommandOutcome(ChangeReport(change: .seeded(session.network.seed)))
  }
}
