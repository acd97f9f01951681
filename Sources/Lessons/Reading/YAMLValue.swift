// SPDX-License-Identifier: GPL-3.0-or-later

import Yams

/// YAML as lessons use it: texts, lists and maps with their lines. Every scalar is its text, so `on` is "on" and `08` is
/// "08".
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

  /// The deepest that lists and maps may stand in each other.
  private static let deepest = 24

  /// Reads the text of one YAML document.
  ///
  /// - Parameter offset: the lines of the file before the text.
  static func read(_ text: String, offset: Int) throws(Failure) -> YAMLValue? {
    if let line = anchorLine(in: text) {
      throw Failure(
        line: offset + line,
        message: "YAML anchors, aliases and tags (&name, *name, !tag) are not used in lessons; write the value out, "
          + "in quotes if it begins with such a sign")
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      let (line, message) = YAMLWording.words(for: error, in: text)
      throw Failure(line: offset + line, message: message)
    } catch {
      throw Failure(line: offset + 1, message: "this cannot be read as YAML")
    }
    guard let node else { return nil }
    return try value(of: node, offset: offset, depth: 0)
  }

  /// The line of the first anchor or tag. Aliases that stand for aliases could make a short text endless to read, and
  /// without an anchor there can be no alias.
  private static func anchorLine(in text: String) -> Int? {
    var line = 1
    var before: Character = "\n"
    var characters = text.makeIterator()
    var current = characters.next()
    while let character = current {
      let next = characters.next()
      if (character == "&" || character == "!") && "\n:-[{,?".contains(before),
        let next, next.isLetter || next.isNumber || next == "!" || next == "<" || next == "_"
      {
        return line
      }
      if character.isNewline {
        line += 1
        before = "\n"
      } else if character != " " {
        before = character
      }
      current = next
    }
    return nil
  }

  private static func value(of node: Node, offset: Int, depth: Int) throws(Failure) -> YAMLValue {
    let line = offset + (node.mark?.line ?? 1)
    guard depth < deepest else { throw Failure(line: line, message: "lists and maps are nested too deeply here") }
    switch node {
    case .scalar(let scalar): return .text(scalar.string, line: line)
    case .sequence(let sequence):
      var values: [YAMLValue] = []
      for element in sequence { values.append(try value(of: element, offset: offset, depth: depth + 1)) }
      return .list(values, line: line)
    case .mapping(let mapping):
      var entries: [Entry] = []
      for (key, element) in mapping {
        guard case .scalar(let word) = key else {
          throw Failure(line: line, message: "a key must be one word")
        }
        entries.append(
          Entry(
            key: word.string, line: offset + (key.mark?.line ?? 1),
            value: try value(of: element, offset: offset, depth: depth + 1)))
      }
      return .map(entries, line: line)
    case .alias: throw Failure(line: line, message: "YAML aliases are not used in lessons; write the value out")
    }
  }
}
