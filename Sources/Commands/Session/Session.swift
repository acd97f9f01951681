// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// A learner's session: the network, what was done to it, and what was looked at.
///
/// There is one. The shell, a script, a lesson and the tests all drive this one, and see its results as values.
/// Executing prints nothing, reads no clock and touches no file.
public struct Session: Sendable {
  /// The commands that it understands.
  public let catalog: Catalog
  /// The network as it stands.
  public package(set) var network: Network
  /// What the learner has seen of each router's table.
  var seenTables: [DeviceID: SeenTable] = [:]
  /// The commands that made it, and the way back.
  var past: Past
  /// Watches long runs, and may stop them.
  public var monitor: (any RunMonitor)?
  /// What goes along with the session and remarks on what happens: a lesson's tutor.
  public var companion: (any Companion)?
  /// Whether other commands of the same line are to follow; the companion then keeps what it has to say for the last.
  public var moreFollows = false
  /// What the companion had to say to the last line that failed.
  public private(set) var remarksOnFailure: [any ResultContent] = []
  /// What the outer layer brings along for the commands of other targets.
  var provisions = Provisions()

  /// Starts a session with an empty network.
  ///
  /// - Parameter seed: what everything random comes from; the same seed and commands give the same results.
  public init(catalog: Catalog, seed: UInt64 = 1) {
    self.catalog = catalog
    network = Network(seed: seed)
    past = Past(base: network)
  }

  /// Parses a statement and carries it out; the companion then has its say.
  ///
  /// - Throws: what was wrong; then nothing has changed.
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
    // A line that a question is waiting for is its answer, whatever else it could be.
    if let result = try carryOutAsMeant(statement) { return result }
    let command: any Command
    do {
      command = try catalog.parse(statement, in: self)
    } catch {
      if let refusal = companion?.error(for: statement.text, error) { throw .command(refusal) }
      throw .syntax(error)
    }
    return try carryOut(command, typed: statement.text)
  }

  private mutating func carryOut(_ command: any Command, typed line: String) throws(SessionError) -> CommandResult {
    do {
      return try perform(command, typed: line)
    } catch {
      throw .command(error)
    }
  }

  /// What the companion has held back until now.
  public mutating func takeHeldRemarks() -> [any ResultContent] {
    guard var present = companion else { return [] }
    defer { companion = present }
    return present.heldRemarks()
  }

  /// Carries out the command that the companion takes a line for.
  private mutating func carryOutAsMeant(_ statement: Statement) throws(SessionError) -> CommandResult? {
    guard let line = companion?.commandMeant(by: statement.text), let command = try? parseAll(line).first else {
      return nil
    }
    return try carryOut(command, typed: line)
  }

  /// Carries out a command and, where it changed anything, remembers it.
  public mutating func perform(_ command: any Command, typed line: String) throws(CommandError) -> CommandResult {
    let hopsBefore = network.trace.hopCount
    // What is kept makes whatever changes next cost more, so only those commands keep it that may be stopped.
    let before = command.effect == .guides ? self : nil
    let outcome = try command.execute(in: &self)
    if let before, companion?.wasStopped == true {
      self = before
      throw CommandError(.interrupted)
    }
    if command.effect == .changes, !outcome.changedNothing {
      past.record(
        outcome.equivalent ?? command, line: outcome.equivalentLine ?? line, result: network,
        work: network.trace.hopCount - hopsBefore)
    } else if command.effect == .guides
      || companion?.keeps(outcome.content, of: type(of: command).declaration.name) == true
    {
      past.recordAside(outcome.equivalentLine ?? line)
    }
    return CommandResult(
      command: line, activity: outcome.activity, content: outcome.content, notices: outcome.notices)
  }

  /// The clock.
  public var clock: Instant { network.clock }

  /// Packets on their way.
  public var packetsInFlight: Int { network.inFlight }

  /// Whether anything is to happen that `run` waits for: a packet on its way, or a program's pressing timer.
  public var isBusy: Bool { network.isBusy }

  /// Runs several statements as one: all or none of them, and one `undo` takes them all back.
  ///
  /// - Throws: what `body` threw; then the session is as it was.
  public mutating func group<Failure: Error>(
    _ body: (inout Session) throws(Failure) -> Void
  ) throws(Failure) {
    let before = self
    past.beginGroup()
    do throws(Failure) {
      try body(&self)
    } catch {
      self = before
      throw error
    }
    past.endGroup(result: network)
  }

  /// Puts `network` in the place of the session's, and makes it the state that `undo` never goes behind. `save` still
  /// writes the commands so far, and then `lines`, which must lead to it.
  public mutating func beginChapter(_ network: Network, lines: [String]) {
    self.network = network
    past = Past(chapter: network, after: past, lines: lines)
  }

  /// Takes over the network and the past of `other`, as `undo` and `save` know them; all else stays.
  public mutating func goBack(to other: Session) {
    network = other.network
    past = other.past
    seenTables = other.seenTables
  }

  /// What the outer layer has brought along of type `Provision`; nil where it has brought none.
  public subscript<Provision: Sendable>(provision: Provision.Type) -> Provision? {
    get { provisions[provision] }
    set { provisions[provision] = newValue }
  }

  /// Another session, as this one began: with the same seed, and nothing done.
  public var fromItsBeginning: Session {
    var session = Session(catalog: catalog, seed: past.baseSeed)
    session.provisions = provisions.forReplay
    session.monitor = monitor
    return session
  }

  /// The commands that changed something and were not taken back, as `save` writes them.
  public var standingLines: [String] { past.lines }

  /// What completing `line` at the UTF-8 offset `cursor` can give.
  public func completions(line: String, cursor: Int) -> Completions {
    catalog.completions(line: line, cursor: cursor, in: self)
  }
}
