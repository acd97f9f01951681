// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Classroom
import Shell
import Wording

/// Where a page and a class are served.
struct ClassOptions: ParsableArguments {
  @Option(help: ArgumentHelp(said("The port to serve; 8420 unless said."), valueName: "number"))
  var port: Int?

  @Option(help: ArgumentHelp(said("The address of this machine that learners reach."), valueName: "address"))
  var on: String?

  func validate() throws {
    if let port, !(1...65_535).contains(port) { throw ValidationError("--port takes a number from 1 to 65535.") }
    if let on, !ClassAddress.isAddress(on) {
      throw ValidationError(said("'\(on)' is not an address; --on takes one of this machine's, such as 192.168.1.5."))
    }
  }

  /// As clauses of `class open`.
  var clauses: String { (on.map { " on \($0)" } ?? "") + (port.map { " port \($0)" } ?? "") }
}

/// `natsh class [FILE]`
struct OpenClass: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "class", abstract: said("Open a class: learners join with their browsers, you teach at the prompt."),
    discussion:
      said(
        "With a file of commands, everybody gets the network that it builds; with a lesson, everybody gets the lesson. ",
        "docs/classroom.md tells how to go on."))

  @Argument(
    help: ArgumentHelp(said("A file of commands whose network everybody gets, or a lesson's file.")),
    completion: .file(extensions: ["natsh", "md"]))
  var file: String?

  @Option(
    help: ArgumentHelp(said("The lesson that everybody gets, by its id."), valueName: "id"), completion: .lesson)
  var lesson: String?

  @Option(help: ArgumentHelp(said("The class's name, by which its work is kept."), valueName: "name"))
  var name: String?

  @OptionGroup var room: ClassOptions

  @OptionGroup var place: LessonsOption

  @Flag(help: ArgumentHelp(said("Print one JSON object a line, one line a command.")))
  var json = false

  func validate() throws {
    if file != nil, lesson != nil { throw ValidationError(said("Give a file or --lesson, not both.")) }
  }

  func perform() -> ExitStatus {
    var folder = place.lessons
    var lines = ["class open\(name.map { " \($0)" } ?? "")\(room.clauses)"]
    var id = lesson
    if let file, file.hasSuffix(".md") {
      guard let found = NamedLesson(file, lessons: folder) else { return .wrongCall }
      (id, folder) = (found.id, found.folder)
    } else if let file {
      lines += ["load \(Opening.quoted(file))", "class send"]
    }
    if let id { lines += ["class lesson \(Opening.quoted(id))", "lesson \(Opening.quoted(id))"] }
    return Opening(line: lines.joined(separator: "; "), lessons: folder, json: json).run()
  }
}
