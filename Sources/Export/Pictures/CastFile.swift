// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering

/// A recording of the session for asciinema (version 2 of its format): its commands typed again, with their output.
struct CastFile {
  private static let width = 80
  private static let height = 24
  /// Milliseconds: for a key, for the pause before a command runs, for the pause to read its output.
  private static let key = 45
  private static let pause = 400
  private static let reading = 1_400

  private struct Header: Encodable {
    var version = 2
    var width = CastFile.width
    var height = CastFile.height
    var title: String
    var env = ["TERM": "xterm-256color"]
  }

  private var lines: [String] = []
  private var now = 500

  /// Nil where the session's monitor stopped it.
  ///
  /// - Parameter session: the one whose commands are shown; it is left as it is.
  init?(_ session: Session) {
    lines = [JSONRenderer().line(for: Header(title: "\(NetworkExport.mark) \(Version.current)"))]
    var replay = session.fromItsBeginning
    let standing = session.standingLines
    for (number, line) in standing.enumerated() {
      guard session.monitor?.goesOn(.recording, number, of: standing.count) ?? true else { return nil }
      type(line)
      for statement in (try? Statement.statements(in: line)) ?? [] {
        do throws(SessionError) {
          let result = try replay.execute(statement)
          show(TextRenderer(style: TextStyle(usesColor: true, width: Self.width)).text(for: result))
        } catch {
          show("error: " + ErrorWording.report(for: error).message)
        }
      }
    }
    write("\u{1B}[1mnatsh\u{1B}[m> ")
  }

  var text: String { lines.map { $0 + "\n" }.joined() }

  private mutating func type(_ line: String) {
    write("\u{1B}[1mnatsh\u{1B}[m> ")
    now += Self.pause
    for character in PrintableText.of(line) {
      write(String(character))
      now += Self.key
    }
    now += Self.pause
    write("\r\n")
  }

  private mutating func show(_ text: String) {
    guard !text.isEmpty else { return }
    write(text.replacing("\n", with: "\r\n") + "\r\n")
    now += Self.reading
  }

  private mutating func write(_ text: String) {
    let thousandths = String(1_000 + now % 1_000).dropFirst()
    lines.append("[\(now / 1_000).\(thousandths), \"o\", \(JSONRenderer().line(for: text))]")
  }
}
