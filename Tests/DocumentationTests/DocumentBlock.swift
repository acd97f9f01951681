// SPDX-License-Identifier: GPL-3.0-or-later

/// A fenced block of a Markdown file that natsh can run.
///
/// Two info strings mark such blocks:
/// - ```` ```console natsh ````: a transcript. A line `natsh> COMMAND` is typed; the lines up to the next are printed.
/// - ```` ```natsh ````: a script whose commands all succeed.
struct DocumentBlock: Sendable {
  enum Kind: Sendable, Equatable {
    case transcript
    case script
  }

  /// One command and its output according to the document.
  struct Exchange: Sendable, Equatable {
    /// The line up to the command, unchanged: `natsh> `.
    var prompt: String
    var command: String
    var output: [String]
  }

  static let prompt = "natsh> "

  var path: String
  /// The line of the opening fence, from 1.
  var line: Int
  var kind: Kind
  var lines: [String]

  /// The blocks of a document in their order.
  static func blocks(of text: String, path: String) -> [DocumentBlock] {
    var blocks: [DocumentBlock] = []
    var fence: String?
    var isOurs = false
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if let open = fence {
        if line.hasPrefix(open), line.allSatisfy({ $0 == "`" }) {
          fence = nil
          isOurs = false
        } else if isOurs {
          blocks[blocks.count - 1].lines.append(String(line))
        }
        continue
      }
      guard line.hasPrefix("```") else { continue }
      fence = String(line.prefix { $0 == "`" })
      let kinds: [String: Kind] = ["console natsh": .transcript, "natsh": .script]
      guard let kind = kinds[String(line.drop { $0 == "`" })] else { continue }
      isOurs = true
      blocks.append(DocumentBlock(path: path, line: index + 1, kind: kind, lines: []))
    }
    return blocks
  }

  /// The typed commands with their output; lines before the first prompt are an error in the document.
  var exchanges: [Exchange] {
    var exchanges: [Exchange] = []
    for line in lines {
      if line.hasPrefix(Self.prompt) {
        let command = String(line.dropFirst(Self.prompt.count))
        exchanges.append(Exchange(prompt: Self.prompt, command: command, output: []))
      } else if exchanges.isEmpty {
        exchanges.append(Exchange(prompt: "", command: "", output: [line]))
      } else {
        exchanges[exchanges.count - 1].output.append(line)
      }
    }
    return exchanges
  }

  /// The commands, to be run in a fresh session.
  var commands: [String] { kind == .script ? lines : exchanges.map(\.command) }

  /// The document with this block's lines replaced.
  func replacing(lines new: [String], in text: String) -> String {
    var all = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    all.replaceSubrange(line..<line + lines.count, with: new)
    return all.joined(separator: "\n")
  }
}
