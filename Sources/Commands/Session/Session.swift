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
  public internal(set) var network: Network
  /// The commands that made it, and the way back.
  var past: Past
  /// What the learner has seen of each router's table.
  var seenTables: [DeviceID: SeenTable] = [:]
  /// Watches long runs, and may stop them.
  public var monitor: (any RunMonitor)?
  /// What goes along with the session and remarks on what happens: a lesson's tutor.
  public var companion: (any Companion)?
  /// What the companion had to say to the last line that failed.
  public private(set) var remarksOnFailure: [any ResultContent] = []
  /// What the outer layer brings along for the commands of other targets.
  private var provisions = Provisions()

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
    let command: any Command
    do {
      command = try catalog.parse(statement, in: self)
    } catch {
      if let result = try carryOutAsMeant(statement) { return result }
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

  /// Carries out what the companion takes a line for that is no command.
  private mutating func carryOutAsMeant(_ statement: Statement) throws(SessionError) -> CommandResult? {
    guard let line = companion?.commandMeant(by: statement.text), let command = try? parseAll(line).first else {
      return nil
    }
    return try carryOut(command, typed: line)
  }

  /// Carries out a command and, where it changed anything, remembers it.
  public mutating func perform(_ command: any Command, typed line: String) throws(CommandError) -> CommandResult {
    let hopsBefore = network.trace.hopCount
    let outcome = try command.execute(in: &self)
    if command.effect == .changes, !outcome.changedNothing {
      past.record(
        outcome.equivalent ?? command, line: outcome.equivalentLine ?? line, result: network,
        work: network.trace.hopCount - hopsBefore)
    } else if command.effect == .guides {
      past.recordAside(outcome.equivalentLine ?? line)
    }
    return CommandResult(
      command: line, activity: outcome.activity, content: outcome.content, notices: outcome.notices)
  }

  /// The clock.
  public var clock: Instant { network.clock }

  /// Packets on their way.
  public var packetsInFlight: Int { network.inFlight }

  /// Runs several statements as one: all or none of them, and one `undo` takes them all back.
  ///
  /// - Throws: what `body` threw; then the session is as it was.
  public mutating func group<Failure: Error>(
    _ title: String, _ body: (inout Session) throws(Failure) -> Void
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
    past = Past(base: network, chaptersBefore: past.lines + lines)
    seenTables = [:]
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

  /// The commands that changed something and were not taken back, as `save` writes them.
  public var standingLines: [String] { past.lines }

  /// What completing `line` at the UTF-8 offset `cursor` can give.
  public func completions(line: String, cursor: Int) -> Completions {
    catalog.completions(line: line, cursor: cursor, in: self)
  }
}

/// Something that goes along with a session and sees what every command did.
public protocol Companion: Sendable {
  /// Looks at a command's result and the session after it; returns what it has to say, each piece a result's content.
  mutating func remark(on result: CommandResult, in session: inout Session) -> [any ResultContent]

  /// Takes note of a line that failed; returns what it has to say to that.
  mutating func note(_ error: SessionError) -> [any ResultContent]

  /// The command that a line stands for which is none: an answer to a question that is open. Nil where it stands for
  /// nothing.
  func commandMeant(by line: String) -> String?

  /// What the prompt shows of it: the lesson and the step.
  var promptNote: String? { get }
}

extension Companion {
  public func commandMeant(by line: String) -> String? { nil }
}

/// What a command did, before the session has put its name to it.
public struct CommandOutcome: Sendable {
  public var activity: ActivityReport?
  public var content: any ResultContent
  public var notices: [Notice]
  /// Whether the command found nothing to do, so that there is nothing to take back.
  var changedNothing = false
  /// A command that does the same again, where the one that was given would not: a run that was stopped.
  var equivalent: (any Command)?
  /// The line that is remembered instead of the one that was typed.
  package var equivalentLine: String?

  public init(_ content: any ResultContent = NoContent(), activity: ActivityReport? = nil, notices: [Notice] = []) {
    self.content = content
    self.activity = activity
    self.notices = notices
  }
}

/// What a long run has come to.
public struct RunProgress: Hashable, Sendable {
  public var clock: Instant
  /// Events handled since the run began.
  public var events: Int
  public var inFlight: Int
}

/// Watches a long run from outside, where there are clocks and keys.
public protocol RunMonitor: Sendable {
  /// Takes note of how far a run is; false stops it, with everything consistent.
  func progress(_ progress: RunProgress) -> Bool
}

extension Session: NameContext {
  public func device(named name: String) -> NamedDevice? {
    network.device(named: name).map { NamedDevice(name: $0.name, kind: $0.kind) }
  }

  public func deviceNames(_ kinds: DeviceKinds) -> [String] {
    network.allDevices.filter { kinds.includes($0.kind) }.map(\.name)
      + (kinds.includes(.internet) ? ["internet"] : [])
  }

  public var sceneNames: [String] { Scene.all.map(\.name) }

  public func forwardedPorts(of router: String) -> [UInt16] {
    guard let device = network.device(named: router), let router = network.router(device.id) else { return [] }
    return router.nat.mappings.filter(\.isStatic).map(\.external.port)
  }

  public func knownPorts(of device: String) -> [UInt16] {
    guard let device = network.device(named: device), let host = network.host(device.id) else { return [] }
    return host.openPorts
  }

  public func listedWords(_ list: String) -> [Completions.Candidate] { provisions.words(of: list) }

  public var knownEndpoints: [String] {
    network.allDevices.compactMap { network.router($0.id) }.flatMap { router in
      router.nat.count > 1_000 ? [] : router.nat.mappings.filter { !$0.isUntranslated }.map(\.external.description)
    }
  }
}

extension Device {
  /// The kind that reports and the language know it by.
  var kind: DeviceKind { isHost ? .host : isRouter ? .router : .internet }
}
