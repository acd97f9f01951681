// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// YAML as lessons use it: texts, lists and maps with their lines. Every scalar is its text, so `on` is "on" and `08`
/// is "08".
indirect enum YAMLValue: Sendable {
  case text(String, line: Int)
  case list([YAMLValue], line: Int)
  case map([Entry], line: Int)

  struct Entry: Sendable {
    var key: String
    var line: Int
    var value: YAMLValue
  }

  var line: Int {
    switch self {
    case .text(_, let line), .list(_, let line), .map(_, let line): line
    }
  }
}

extension YAMLValue {
  struct Failure: Error {
    var line: Int
    var message: String
  }

  /// How deep lists and maps may be nested.
  private static let deepest = 24

  /// Reads the text of one YAML document; nil if there is none.
  ///
  /// - Parameter offset: how many lines of the file come before the text.
  static func read(_ text: String, offset: Int) throws(Failure) -> YAMLValue? {
    let events = YAMLEvents(text, offset: offset)
    var value: YAMLValue?
    while true {
      let (event, line) = try events.next()
      switch event {
      case .streamEnds: return value
      case .documentBegins where value != nil:
        throw Failure(line: line, message: said("this is not YAML: another document begins here"))
      case .documentBegins, .frame: continue
      case .text, .listBegins, .mapBegins, .listEnds, .mapEnds:
        value = try Self.value(of: event, line, events, depth: 0)
      }
    }
  }

  /// The value that begins with `event`, up to its end.
  private static func value(
    of event: YAMLEvents.Event, _ line: Int, _ events: YAMLEvents, depth: Int
  ) throws(Failure) -> YAMLValue {
    guard depth < deepest else { throw Failure(line: line, message: said("lists and maps are nested too deeply here")) }
    switch event {
    case .text(let text): return .text(text, line: line)
    case .listBegins:
      var values: [YAMLValue] = []
      while true {
        let (event, place) = try events.next()
        if case .listEnds = event { return .list(values, line: line) }
        values.append(try value(of: event, place, events, depth: depth + 1))
      }
    case .mapBegins: return .map(try entries(from: events, depth: depth), line: line)
    case .listEnds, .mapEnds, .documentBegins, .streamEnds, .frame:
      throw Failure(line: line, message: said("this is not YAML: a value is missing here"))
    }
  }

  private static func entries(from events: YAMLEvents, depth: Int) throws(Failure) -> [Entry] {
    var entries: [Entry] = []
    var keys: Set<String> = []
    while true {
      let (event, line) = try events.next()
      switch event {
      case .mapEnds: return entries
      case .text(let key):
        guard keys.insert(key).inserted else {
          throw Failure(line: line, message: said("the key '\(key)' is here twice"))
        }
        let (event, place) = try events.next()
        entries.append(Entry(key: key, line: line, value: try value(of: event, place, events, depth: depth + 1)))
      default: throw Failure(line: line, message: said("a key must be one word"))
      }
    }
  }
}
