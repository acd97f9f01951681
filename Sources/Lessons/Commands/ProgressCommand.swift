// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Wording

/// `progress` · `progress export FILE [NAME]`
struct ProgressCommand: Command {
  /// The file for the certificate; nil if progress is only to be shown.
  let path: String?
  let name: String?

  init(_ arguments: Arguments) throws(SyntaxError) {
    path = arguments.optionalText("FILE")?.value
    name = arguments.optionalText("NAME")?.value
  }

  static let declaration = CommandDeclaration(
    Self.self, "progress", strangers: ["certificate"], group: .lessons, effect: .looks,
    forms: [[], [.keyword("export"), .required("FILE", .file), .optional("NAME", .text)]],
    summary: said("shows how far you are in each lesson, and what you got right first time"),
    details: [
      said(
        "`progress export FILE` writes it as a certificate to keep: a picture if the file's name ends in .svg, else ",
        "text. Put a name with spaces in quotation marks.")
    ],
    examples: ["progress"], seeAlso: ["lessons"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    guard let path else { return CommandOutcome(try session.lessonList(showsDetails: true)) }
    let shelf = try session.shelf()
    let certificate = Certificate(
      name: name, date: shelf.progress.today(), lessons: shelf.library().lessons, progress: shelf.progress.load())
    let isPicture = path.lowercased().hasSuffix(".svg")
    return CommandOutcome(OuterRequest.write(path: path, text: isPicture ? certificate.svg : certificate.text))
  }
}
