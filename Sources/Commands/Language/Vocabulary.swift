// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator

/// One target's part of the language: its commands, and everything they need to be understood.
public struct Vocabulary: Sendable {
  public let declarations: [CommandDeclaration]
  public let topics: [HelpReport.Topic]
  /// The ready-made networks.
  public let scenes: [Scene]
  /// The kinds of programs that hosts can run.
  public let programs: [ProgramDescription]
  /// The protocols of applications recognised by their bytes.
  public let messages: [MessageReader]
  /// What routers make of what hosts ask them.
  public let routerProgram: (any RouterProgram)?
  /// The program of a host that carries out an errand; nil if there is none.
  public let errands: ErrandProgram?

  public init(
    _ declarations: [CommandDeclaration], topics: [HelpReport.Topic] = [], scenes: [Scene] = [],
    programs: [ProgramDescription] = [], messages: [MessageReader] = [], routerProgram: (any RouterProgram)? = nil,
    errands: ErrandProgram? = nil
  ) {
    self.declarations = declarations
    self.topics = topics
    self.scenes = scenes
    self.programs = programs
    self.messages = messages
    self.routerProgram = routerProgram
    self.errands = errands
  }

  /// The part of this target.
  public static let standard = Vocabulary(
    Catalog.standardDeclarations, topics: HelpTopics.standard, scenes: Scene.standard,
    programs: [.tcp, .gateways])
}
