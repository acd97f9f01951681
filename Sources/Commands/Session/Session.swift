// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// A learner's session: the network, its history, and the tables seen.
///
/// The shell, a script, a lesson and the tests all drive this one type, and see its results as values.
/// Executing prints nothing, reads no clock and touches no file.
public struct Session: Sendable {
  /// The commands that it understands.
  public let catalog: Catalog
  /// The network as it stands.
  public package(set) var network: Network
  /// The rows of each router's table that the learner has seen.
  var seenTables: [DeviceID: SeenTable] = [:]
  /// The commands that made it, and the way back.
  var past: Past
  /// Watches long runs, and may stop them.
  public var monitor: (any RunMonitor)?
  /// Follows the packets of the session itself, not of copies on which something is tried; nil for nobody.
  public var tap: (any PacketTap)?
  /// Whether a command that changes the session is being carried out in it.
  private(set) var isChanging = false
  /// A companion that remarks on events: a lesson's tutor.
  public var companion: (any Companion)?
  /// Whether other commands of the same line are to follow; the companion then saves its remarks for the last.
  public var moreFollows = false
  /// The companion's remarks on the last line that failed.
  public private(set) var remarksOnFailure: [any ResultContent] = []
  /// The names that stand for something in what is typed.
  var variables = Variables()
  /// Values that the outer layer provides for the commands of other targets.
  var provisions = Provisions()

  /// Starts a session with an empty network.
  ///
  /// - Parameter seed: the seed of all random choices; the same seed and commands give the same results.
  public init(catalog: Catalog, seed: UInt64 = 1) {
    self.catalog = catalog
    network = Network(seed: seed)
    network.routerProgram = catalog.routerProgram
    past = Past(base: network)
  }

  /// Parses a statement and carries it out; the companion then remarks on it.
  ///
  /// - Throws: the fault; then nothing has changed.
  public mutating func execute(_ statement: Statement) throws(SessionError) -> CommandResult {
    remarksOnFailure = []
    do throws(SessionError) {
      var result = try carryOut(statement)
      if var present = companion {
        result.remarks = present.remark(on: result, in: &self)
        // The command may have sent it away, or put another in its place.
        if companion != nil { companion = present }
      }
      return result
    } catch {
      remarksOnFailure = companion?.note(error) ?? []
      throw error
    }
  }

  private mutating func carryOut(_ statement: Statement) throws(SessionError) -> CommandResult {
    // A line for which a question is waiting is its answer, whatever else it could be.
    if let result = try carryOutAsMeant(statement) { return result }
    let command: any Command
    let expanded = expanding(statement)
    do {
      command = try catalog.parse(expanded, in: self)
    } catch {
      if let refusal = companion?.error(for: statement.text, error) { throw .command(refusal) }
      throw .syntax(error)
    }
    return try carryOut(command, typed: statement.text, meant: expanded.text)
  }

  /// A statement with values in place of names. What is repeated has a name of its own for the number of the time.
  private func expanding(_ statement: Statement) -> Statement {
    let repeats = statement.tokens.first.map {
      catalog.declaration(named: $0.text)?.name == RepeatCommand.declaration.name
    }
    return statement.expanding(repeats == true ? variables.without(RepeatCommand.counter) : variables)
  }

  private mutating func carryOut(
    _ command: any Command, typed line: String, meant: String? = nil
  ) throws(SessionError) -> CommandResult {
    do {
      return try perform(command, typed: line, meant: meant)
    } catch {
      throw .command(error)
    }
  }

  /// Remarks that the companion has held back until now.
  public mutating func takeHeldRemarks() -> [any ResultContent] {
    guard var present = companion else { return [] }
    defer { companion = present }
    return present.heldRemarks()
  }

  /// Carries out the command that the companion reads in a line.
  private mutating func carryOutAsMeant(_ statement: Statement) throws(SessionError) -> CommandResult? {
    guard let line = companion?.commandMeant(by: statement.text), let command = try? parseAll(line).first else {
      return nil
    }
    return try carryOut(command, typed: line)
  }

  /// Carries out a command and, where it changed anything, remembers it.
  ///
  /// - Parameter meant: the line with values in place of names, which is what is remembered; nil if it has none.
  public mutating func perform(
    _ command: any Command, typed line: String, meant: String? = nil
  ) throws(CommandError) -> CommandResult {
    let hopsBefore = network.trace.hopCount
    // A kept copy makes the next change cost more, so only commands that may be stopped keep one.
    let before = command.effect == .guides ? self : nil
    let outcome = try changing(command.effect == .changes) { session throws(CommandError) in
      try command.execute(in: &session)
    }
    if let before, companion?.wasStopped == true {
      self = before
      throw CommandError(.interrupted)
    }
    if command.effect == .changes, !outcome.changedNothing {
      past.record(
        outcome.equivalent ?? command, line: outcome.equivalentLine ?? meant ?? line, result: network,
        work: network.trace.hopCount - hopsBefore)
    } else if command.effect == .guides && !outcome.changedNothing
      || companion?.keeps(outcome.content, of: type(of: command).declaration.name) == true
    {
      past.recordAside(outcome.equivalentLine ?? meant ?? line)
    }
    return CommandResult(
      command: line, activity: outcome.activity, content: outcome.content, notices: outcome.notices)
  }

  /// Runs `body`, during which the tap is told of long runs if `isChanging`.
  private mutating func changing(
    _ isChanging: Bool, _ body: (inout Session) throws(CommandError) -> CommandOutcome
  ) throws(CommandError) -> CommandOutcome {
    self.isChanging = isChanging
    defer { self.isChanging = false }
    return try body(&self)
  }

  /// The clock.
  public var clock: Instant { network.clock }

  /// Packets on their way.
  public var packetsInFlight: Int { network.inFlight }

  /// The number of hosts and routers.
  package var deviceCount: Int { network.deviceCount }

  /// An estimate of the memory that the network takes.
  package var approximateBytes: Int { network.approximateBytes }

  /// Whether `run` has anything to wait for: a packet on its way, or a program's pressing timer.
  public var isBusy: Bool { network.isBusy }

  /// Runs several statements as one: all or none of them, and one `undo` takes them all back.
  ///
  /// - Throws: the error of `body`; then the session is as it was.
  public mutating func group<Failure: Error>(
    _ body: (inout Session) throws(Failure) -> Void
  ) throws(Failure) {
    let before = self
    // Within a group, the commands belong to that one.
    let isInner = past.isGrouping
    past.beginGroup()
    do throws(Failure) {
      try body(&self)
    } catch {
      self = before
      throw error
    }
    if !isInner { past.endGroup(result: network) }
  }

  /// Replaces the session's network by `network`, and makes it the state behind which `undo` never goes. `save` still
  /// writes the commands so far, and then `lines`, which must lead to it.
  public mutating func beginChapter(_ network: Network, lines: [String]) {
    self.network = network
    past = Past(chapter: network, after: past, lines: lines)
  }

  /// Takes over the network and the past of `other`, as `undo` and `save` know them; everything else stays.
  public mutating func goBack(to other: Session) {
    network = other.network
    past = other.past
    seenTables = other.seenTables
  }

  /// The value of type `Provision` that the outer layer has provided; nil if there is none.
  public subscript<Provision: Sendable>(provision: Provision.Type) -> Provision? {
    get { provisions[provision] }
    set { provisions[provision] = newValue }
  }

  /// Another session, as this one began: with the same seed, and nothing done.
  public var fromItsBeginning: Session { begun(withSeed: past.baseSeed) }

  /// Another session with that seed, and nothing done.
  package func begun(withSeed seed: UInt64) -> Session {
    var session = Session(catalog: catalog, seed: seed)
    session.provisions = provisions.forReplay
    session.monitor = monitor
    return session
  }

  /// The commands that changed something and were not undone, as `save` writes them.
  public var standingLines: [String] { past.lines }

  /// The possible completions of `line` at the UTF-8 offset `cursor`.
  public func completions(line: String, cursor: Int) -> Completions {
    catalog.completions(line: line, cursor: cursor, in: self)
  }

  /// An empty network, of which no table has been seen.
  mutating func startOver(seed: UInt64) {
    network = Network(seed: seed)
    network.routerProgram = catalog.routerProgram
    seenTables = [:]
  }

  package func parseAll(_ line: String) throws(SyntaxError) -> [any Command] {
    var commands: [any Command] = []
    for statement in try Statement.statements(in: line) { commands.append(try catalog.parse(statement, in: self)) }
    return commands
  }
}
