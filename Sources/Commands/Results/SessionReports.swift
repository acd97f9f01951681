// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// `help`, `help COMMAND`, `help TOPIC`.
public enum HelpReport: ResultContent {
  /// Everything, in groups.
  case overview([Group], topics: [Topic])
  case command(CommandHelp)
  case topic(Topic)

  public struct Group: Encodable, Sendable {
    public var title: String
    public var commands: [Entry]
  }
  public struct Entry: Encodable, Sendable {
    public var name: String
    public var usage: String
    public var summary: String
  }
  public struct CommandHelp: Encodable, Sendable {
    public var name: String
    public var aliases: [String]
    public var usage: [String]
    public var summary: String
    /// Paragraphs.
    public var details: [String]
    /// Command lines that work in the scene or network that the first of them builds.
    public var examples: [String]
    /// Properties with their values, for `set`; empty elsewhere.
    public var properties: [PropertyHelp]
    public var seeAlso: [String]
  }
  public struct PropertyHelp: Encodable, Sendable {
    public var name: String
    public var of: PropertyOwner
    public var values: String
    public var summary: String
  }
  public struct Topic: Encodable, Sendable {
    public var name: String
    public var title: String
    public var paragraphs: [String]

    public init(name: String, title: String, paragraphs: [String]) {
      self.name = name
      self.title = title
      self.paragraphs = paragraphs
    }
  }

  private enum CodingKeys: String, CodingKey { case groups, topics, help, topic }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .overview(let groups, let topics):
      try container.encode(groups, forKey: .groups)
      try container.encode(topics, forKey: .topics)
    case .command(let help): try container.encode(help, forKey: .help)
    case .topic(let topic): try container.encode(topic, forKey: .topic)
    }
  }
}

/// `glossary`.
public struct GlossaryReport: ResultContent {
  public var terms: [Glossary.Term]
}

/// `history`: the commands of this session that still count, numbered from 1.
public struct HistoryReport: ResultContent {
  public var history: [String]
  /// Earlier commands that are not listed.
  public var omitted: Int?
}

/// `undo` and `redo`.
public struct UndoReport: ResultContent {
  public enum Direction: String, Encodable, Sendable {
    case undone
    case redone
  }
  public var direction: Direction
  /// The commands, in the order they were taken back or done again.
  public var commands: [String]
  public var timeMicroseconds: Int64

  enum CodingKeys: String, CodingKey {
    case direction, commands
    case timeMicroseconds = "time_us"
  }
}

/// `version`.
public struct VersionReport: ResultContent {
  public var version: String
}

/// A command's request to the outer layer, since executing neither touches files nor ends the program.
public enum OuterRequest: ResultContent {
  /// Write `script` to `path`, whole or not at all.
  case save(path: String, script: String)
  /// Write `text` to `path`, whole or not at all.
  case write(path: String, text: String)
  /// Run the commands of the file at `path`, all or none.
  case load(path: String)
  /// Write the network's files, all or none.
  case export(NetworkExport)
  /// Clear the screen.
  case clear
  /// Leave the program.
  case quit

  private enum CodingKeys: String, CodingKey { case saved, written, loaded, cleared, quit }

  public func encode(to encoder: any Encoder) throws {
    if case .export(let export) = self { return try export.encode(to: encoder) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .export: break
    case .save(let path, _): try container.encode(path, forKey: .saved)
    case .write(let path, _): try container.encode(path, forKey: .written)
    case .load(let path): try container.encode(path, forKey: .loaded)
    case .clear: try container.encode(true, forKey: .cleared)
    case .quit: try container.encode(true, forKey: .quit)
    }
  }
}

/// Something worth knowing that is not an error; the renderer words it.
public enum Notice: Hashable, Sendable {
  /// Nothing came back to `host`'s TCP SYN, ping or the like, sent as packet `packet`.
  case unanswered(host: String, what: UnansweredKind, packet: Int)
  /// A router that neither translates nor filters has a private inside prefix, which the Internet does not route.
  case privateAddressesUnreachable(router: String, prefix: IPPrefix, filters: Bool)
  /// Nothing is in flight.
  case nothingInFlight
  /// The run was stopped by the learner with packets still in flight.
  case interrupted(inFlight: Int)
  /// The change discarded rows of the table.
  case tableEmptied(router: String, rows: Int)
  /// A file of that name existed before, and its contents are gone.
  case replaced(path: String)
  /// An inside host has used up most of the outside ports that are its own.
  case blockNearlyFull(router: String, host: IPAddress, used: Int, size: Int)
  /// A list was cut: there are so many more of `kind`.
  case leftOut(LeftOutKind, count: Int)

  /// The subject of a list.
  public enum LeftOutKind: String, Hashable, Sendable {
    case devices, tables, rows, packets, conversations, programs
  }

  public enum UnansweredKind: String, Hashable, Sendable {
    case connect
    case ping
  }
}

extension Notice {
  /// Says that `count` more of a kind are not listed; empty if there are none.
  package static func leftOut(_ kind: LeftOutKind, _ count: Int) -> [Notice] {
    count > 0 ? [.leftOut(kind, count: count)] : []
  }
}
