// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Foundation
import Testing

@testable import Export

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Exported pictures of a network: well-formed whatever was typed, and the same as in the shell.
@Suite struct PictureTests {
  private static let catalog = Catalog(.standard, .export)

  private static func session(_ lines: [String]) throws -> Session {
    var session = Session(catalog: catalog)
    for line in lines {
      for statement in try Statement.statements(in: line) { _ = try session.execute(statement) }
    }
    return session
  }

  private static func file(_ format: String, of session: inout Session) throws -> String {
    let statement = try #require(try Statement.statements(in: "export \(format) file").first)
    guard case .export(let export)? = try session.execute(statement).content as? OuterRequest else { return "" }
    #expect(export.files.count == 1 && !export.isFolder)
    return try #require(export.files.first?.text)
  }

  private static let call = [
    "scene two-homes", "send alice:5000 88.90.100.110:62000 \"hello\"", "run", "send bob:5000 49.36.10.25:62000 \"hi\"",
    "step",
  ]
  /// Texts that are markup, or would end the element that contains them.
  static let hostile = [
    "</text></svg><script>alert(1)</script>", "\"]; internet --> n1", "```\n# x", "&amp;<!--", "|a|b|", "\\u{1b}[2J",
    "]]>",
  ]
  static let pictures = ["svg", "html", "markdown", "mermaid", "cast"]

  @Test(arguments: pictures) func aPictureShowsDevicesPacketsAndRows(format: String) throws {
    var session = try Self.session(Self.call)
    let text = try Self.file(format, of: &session)
    for word in ["alice", "home-b", "192.168.1.10", "49.36.10.25:62000", "hello"]
    where format != "cast" || word == "home-b" {
      #expect(text.contains(word), "\(word)")
    }
    #expect(text.prefix(300).contains("Written by natsh") && text.contains(format == "cast" ? "dropped" : "no-mapping"))
  }

  @Test(arguments: pictures, hostile) func textNeverBecomesMarkup(format: String, words: String) throws {
    let typed = words.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: " ")
    var session = try Self.session(["scene direct", "send alice:5000 bob:4000 \"\(typed)\"", "run"])
    let text = try Self.file(format, of: &session)
    #expect(
      !text.unicodeScalars.contains { $0.value == 0x1B } && (format == "cast" || !text.contains("<script>alert"))
        || format == "markdown")
    switch format {
    case "svg": #expect(XMLParser(data: Data(text.utf8)).parse(), "\(text)")
    case "html":
      // Each drawing in it is a separate XML document.
      for part in text.components(separatedBy: "<svg").dropFirst() {
        let drawing = "<svg" + (part.components(separatedBy: "</svg>").first ?? "") + "</svg>"
        #expect(XMLParser(data: Data(drawing.utf8)).parse(), "\(drawing)")
      }
    case "mermaid":
      for line in text.split(separator: "\n") { #expect(line.count { $0 == "\"" } % 2 == 0, "\(line)") }
      #expect(!text.contains("internet --> n1"))
    case "markdown":
      let fences = text.split(separator: "\n").filter { $0.hasPrefix("```") }
      #expect(fences.count == 4)
    default: try expectCast(text)
    }
  }

  /// Every line is JSON, and time does not go back.
  private func expectCast(_ text: String) throws {
    let lines = text.split(separator: "\n").map { Data($0.utf8) }
    let header = try #require(try JSONSerialization.jsonObject(with: lines[0]) as? [String: Any])
    #expect(header["version"] as? Int == 2 && header["width"] as? Int == 80)
    var last = 0.0
    for line in lines.dropFirst() {
      let event = try #require(try JSONSerialization.jsonObject(with: line) as? [Any])
      let time = try #require(event[0] as? Double)
      #expect(time >= last && event[1] as? String == "o" && event[2] is String)
      last = time
    }
  }

  @Test(arguments: pictures) func aPictureLeavesTheSessionAloneAndIsTheSameTwice(format: String) throws {
    var session = try Self.session(Self.call)
    let first = try Self.file(format, of: &session)
    #expect(try Self.file(format, of: &session) == first)
    let table = try #require(try Statement.statements(in: "table home-a").first)
    guard case .one(let shown)? = try session.execute(table).content as? TablesReport else { return }
    #expect(shown.mappings.allSatisfy { $0.change == .new })
    #expect(session.standingLines.count == Self.call.count)
  }

  @Test(arguments: pictures) func aLargeNetworkHasABoundedPicture(format: String) throws {
    var session = try Self.session(["router r 5.5.5.5 lan 10.0.0.0/16"] + (1...400).map { "host h\($0) behind r" })
    let text = try Self.file(format, of: &session)
    #expect(text.utf8.count < 2 << 20 && (format != "svg" || text.contains("not drawn")))
  }
}
