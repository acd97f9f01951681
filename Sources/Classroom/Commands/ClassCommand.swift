// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons
import NATModel
import Rendering
import Shell
import Wording

/// `class …`
struct ClassCommand: Command {
  let request: ClassRequest

  init(_ arguments: Arguments) throws(SyntaxError) { request = try Self.request(arguments) }

  private static func request(_ arguments: Arguments) throws(SyntaxError) -> ClassRequest {
    if arguments.has("open") {
      return .open(
        ClassRequest.Opening(
          name: arguments.optionalText("NAME")?.value, address: arguments.addresses("on").first?.value,
          port: arguments.optionalPort("port").map { Int($0.value) }, size: arguments.optionalCount("size")?.value))
    }
    if arguments.has("close") { return .close }
    if arguments.has("ask") { return try asking(arguments) }
    if arguments.has("reveal") { return .reveal }
    if arguments.has("send") { return .send }
    if arguments.has("show") { return .show(arguments.optionalText("NAME")?.value) }
    if arguments.has("lesson") { return .lesson(try arguments.text("ID").value) }
    if arguments.has("save") { return .save(try arguments.text("DIR").value) }
    return .roster
  }

  private static func asking(_ arguments: Arguments) throws(SyntaxError) -> ClassRequest {
    guard let question = arguments.optionalText("QUESTION") else { return .ask(nil) }
    return .ask(
      ClassRequest.Question(text: question.value, choices: arguments.texts("CHOICE").map(\.value)))
  }

  /// The most learners that one machine serves well.
  static let largest = 300

  static let declaration = CommandDeclaration(
    Self.self, "class", strangers: ["classroom", "pupils", "students", "join"], group: .session, effect: .outer,
    forms: [
      [],
      [
        .keyword("open"), .optional("NAME", .label), .clause("on", "ADDRESS", .address), .clause("port", "PORT", .port),
        .clause("size", "N", .count(1...largest)),
      ],
      [.keyword("ask")],
      [.keyword("ask"), .required("QUESTION", .text), .optional("CHOICE", .text, atMost: ClassRequest.mostChoices)],
      [.keyword("reveal")],
      [.keyword("show"), .optional("NAME", .text)],
      [.keyword("lesson"), .required("ID", .listed(LessonShelf.list))],
      [.keyword("send")],
      [.keyword("save"), .required("DIR", .file)],
      [.keyword("close")],
    ],
    summary: said("lets learners in with their browsers, shows who is where, asks them all and keeps their work"),
    details: [
      said(
        "`class open` prints an address, a code and a QR code. Whoever opens the address on the same network and types the ",
        "code and a name has a workspace: a session of their own on this machine, with the lessons. `on` names the ",
        "address to serve, `size` how many there is room for. A NAME brings an earlier class of that name back."),
      said(
        "`class` on its own shows the roster: who is there, in which lesson and step, and which mistakes they have made. `class ",
        "lesson ID` begins a lesson for everybody; `class send` gives everybody a copy of your network."),
      said(
        "`class ask` puts your lesson's question to everybody, or one of your own with its choices; the counts grow on the ",
        "page. `class reveal` ends it and shows what is right, with the run that proves it."),
      said(
        "`class show NAME` puts a learner's network on the page, `class show` yours again. `class save DIR` writes each ",
        "learner's work as a script for `natsh grade`, and the roster. `class close` ends the class."),
    ],
    examples: ["class open", "class ask \"Who gets it?\" \"alice\" \"nobody\"", "class reveal", "class close"],
    seeAlso: ["page", "lessons"])

  func execute(in session: inout Session) throws(CommandError) -> CommandOutcome {
    if case .ask(let question?) = request, !(2...ClassRequest.mostChoices).contains(question.choices.count) {
      throw CommandError(.other(ClassFault.choices(question.choices.count)))
    }
    return CommandOutcome(request)
  }
}

/// A fault in a command about the class, whatever class there is.
enum ClassFault: CommandFault {
  case choices(Int)

  var word: String { "wrong-choices" }

  var message: String {
    switch self {
    case .choices(let count):
      said("a question has 2 to \(ClassRequest.mostChoices) choices, and this one has \(count)")
    }
  }
}
