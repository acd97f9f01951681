// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// The commands and topics of traversal: servers and programs that hosts run, and the calls between them.
public enum TraversalLanguage {
  public static let declarations: [CommandDeclaration] = [
    ServeCommand.declaration, ProgramsCommand.declaration, StopCommand.declaration, CallCommand.declaration,
    CrowdCommand.declaration,
  ]

  /// What people are told of the programs.
  public static let programs: [ProgramDescription] =
    [
      ProgramDescription("call", summary: "sends a video stream and listens to another"),
      ProgramDescription("call-relay", summary: "passes on to each of its guests what the others send"),
    ] + Service.all.map(\.description)

  /// The protocols that they speak.
  public static let messages: [MessageReader] = [RTPPacket.reader, .traversal]

  public static let topics: [HelpReport.Topic] = [peerToPeer]
}
