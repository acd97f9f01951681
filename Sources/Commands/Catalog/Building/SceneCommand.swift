// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// `scene NAME` · `scene`
public struct SceneCommand: Command {
  /// Nil lists the scenes.
  public let scene: Located<String>?

  public init(_ arguments: Arguments) throws(SyntaxError) { scene = arguments.optionalText("SCENE") }

  public var effect: CommandDeclaration.Effect { scene == nil ? .looks : .changes }

  public static let declaration = CommandDeclaration(
    Self.self, "scene", aliases: ["scenes"], strangers: ["demo", "example", "examples"], group: .building,
    effect: .changes,
    forms: [[], [.required("SCENE", .scene)]],
    summary: said("loads a ready-made network, or lists them all"),
    details: [
      said("A scene replaces the present network; `undo` brings that back. `scene` alone lists them all."),
      said(
        "`one-home` is where to begin: Alice behind a router, Bob outside. In `two-homes` each is behind a router of ",
        "their own, and in `call` a server helps the two to meet. Others have trouble in them that engineers meet: look ",
        "for it with `why`."),
    ],
    examples: ["scene", "scene two-homes"], seeAlso: ["show", "map", "start"])

  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    guard let wanted = scene?.value, let scene = session.catalog.scenes.first(where: { $0.name.matches(wanted) }) else {
      return CommandOutcome(
        ScenesReport(scenes: session.catalog.scenes.map { ScenesReport.Entry(name: $0.name, summary: $0.summary) }))
    }
    session.startOver(seed: session.network.seed)
    for line in scene.lines { try session.carryOut(line) }
    return CommandOutcome(ChangeReport(change: .sceneLoaded(name: scene.name, summary: scene.summary)))
  }
}

extension Session {
  /// Carries out a line of natsh's own, as part of a command.
  fileprivate mutating func carryOut(_ line: String) throws(CommandError) {
    let commands: [any Command]
    do throws(SyntaxError) {
      commands = try parseAll(line)
    } catch {
      // The lines are constants, and a test runs every scene.
      return
    }
    for command in commands { _ = try command.execute(in: &self) }
  }
}
