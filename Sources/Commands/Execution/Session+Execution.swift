// SPDX-License-Identifier: GPL-3.0-or-later

extension SaveCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    var lines = ["# natsh \(Version.current): a saved session. Run it with `natsh FILE`, or `load FILE` in the shell."]
    if session.past.baseSeed != 1 { lines.append("seed \(session.past.baseSeed)") }
    lines += session.past.lines
    return CommandOutcome(
      OuterRequest.save(path: path.value, script: lines.map { $0 + "\n" }.joined()))
  }
}

extension LoadCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(OuterRequest.load(path: path.value))
  }
}

extension HelpCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    do throws(SyntaxError) {
      return CommandOutcome(try session.catalog.help(subject?.value))
    } catch {
      // Parsing has looked the subject up already.
      return CommandOutcome()
    }
  }
}

extension HistoryCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    let lines = session.past.lines
    let omitted = lines.count - Session.mostListed
    return CommandOutcome(
      HistoryReport(history: lines.suffix(Session.mostListed), omitted: omitted > 0 ? omitted : nil))
  }
}

extension VersionCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(VersionReport(version: Version.current))
  }
}

extension ClearCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(OuterRequest.clear)
  }
}

extension QuitCommand {
  public func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    CommandOutcome(OuterRequest.quit)
  }
}
