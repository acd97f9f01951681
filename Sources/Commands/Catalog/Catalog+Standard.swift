// SPDX-License-Identifier: GPL-3.0-or-later

extension Catalog {
  /// The commands of this target, in the order in which help lists them.
  public static let standardDeclarations: [CommandDeclaration] = [
    RouterCommand.declaration, HostCommand.declaration, RemoveCommand.declaration, ResetCommand.declaration,
    SceneCommand.declaration, SetCommand.declaration, RouteCommand.declaration, UnrouteCommand.declaration,
    FilterCommand.declaration, ShowCommand.declaration,
    SendCommand.declaration, ReplyCommand.declaration, PingCommand.declaration, ConnectCommand.declaration,
    CloseCommand.declaration, ListenCommand.declaration, ForwardCommand.declaration, UnforwardCommand.declaration,
    StepCommand.declaration, RunCommand.declaration, WaitCommand.declaration, UndoCommand.declaration,
    RedoCommand.declaration, RepeatCommand.declaration,
    TableCommand.declaration, MapCommand.declaration, PacketsCommand.declaration, PacketCommand.declaration,
    WhyCommand.declaration, TraceCommand.declaration, LadderCommand.declaration, StatsCommand.declaration,
    SaveCommand.declaration, LoadCommand.declaration, HelpCommand.declaration, GlossaryCommand.declaration,
    HistoryCommand.declaration, LetCommand.declaration,
    SeedCommand.declaration, VersionCommand.declaration, ClearCommand.declaration, QuitCommand.declaration,
  ]

  /// The language of this target alone; others add their own vocabularies to it.
  public static let standard = Catalog(.standard)
}
