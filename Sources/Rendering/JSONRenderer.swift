// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Results as JSON: one object per command, one line per object, keys in alphabetical order.
public struct JSONRenderer: Sendable {
  public init() {}

  /// The line of a command that succeeded, without a newline at the end.
  public func line(for result: CommandResult) -> String {
    encode(Success(result: result)) { line(command: result.command, error: $0) }
  }

  /// The line of a command that failed.
  public func line(command: String, error: ErrorReport) -> String {
    encode(Failure(command: command, error: error)) { _ in
      #"{"command":"","error":{"kind":"internal","message":"not encodable","suggestion":null},"ok":false}"#
    }
  }

  /// The line of any other value that is printed as JSON.
  public func line(for value: some Encodable) -> String {
    encode(value) { line(command: "", error: $0) }
  }

  private func encode(_ value: some Encodable, otherwise: (ErrorReport) -> String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return PrintableText.json(String(decoding: try encoder.encode(value), as: UTF8.self))
    } catch {
      return otherwise(ErrorReport(kind: "internal", message: said("the result cannot be written as JSON: \(error)")))
    }
  }

  private enum CodingKeys: String, CodingKey { case command, ok, error, notices }

  private struct Success: Encodable {
    var result: CommandResult

    /// The keys of the activity and the content stand beside `command` and `ok`.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(result.command, forKey: .command)
      try container.encode(true, forKey: .ok)
      try result.activity?.encode(to: encoder)
      try result.content.encode(to: encoder)
      if let worded = result.content as? any WordedContent { try worded.words.encode(to: encoder) }
      for remark in result.remarks { try remark.encode(to: encoder) }
      if !result.notices.isEmpty { try container.encode(result.notices.map(NoticeJSON.init), forKey: .notices) }
    }
  }

  private struct Failure: Encodable {
    var command: String
    var error: ErrorReport

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(command, forKey: .command)
      try container.encode(false, forKey: .ok)
      try container.encode(error, forKey: .error)
    }
  }

  private struct NoticeJSON: Encodable {
    var notice: Notice

    private enum CodingKeys: String, CodingKey {
      case kind, host, what, packet, router, prefix, rows, count, path, used, size
      case inFlight = "in_flight"
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(notice.kind, forKey: .kind)
      switch notice {
      case .unanswered(let host, let what, let packet):
        try container.encode(host, forKey: .host)
        try container.encode(what.rawValue, forKey: .what)
        try container.encode(packet, forKey: .packet)
      case .privateAddressesUnreachable(let router, let prefix, _):
        try container.encode(router, forKey: .router)
        try container.encode(prefix, forKey: .prefix)
      case .nothingInFlight: break
      case .interrupted(let inFlight): try container.encode(inFlight, forKey: .inFlight)
      case .tableEmptied(let router, let rows):
        try container.encode(router, forKey: .router)
        try container.encode(rows, forKey: .rows)
      case .blockNearlyFull(let router, let host, let used, let size):
        try container.encode(router, forKey: .router)
        try container.encode(host, forKey: .host)
        try container.encode(used, forKey: .used)
        try container.encode(size, forKey: .size)
      case .replaced(let path): try container.encode(path, forKey: .path)
      case .leftOut(let kind, let count):
        try container.encode(kind.rawValue, forKey: .what)
        try container.encode(count, forKey: .count)
      }
    }
  }
}
