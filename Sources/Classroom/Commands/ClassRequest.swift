// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons
import NATModel
import Rendering
import Shell
import Wording

/// The request of `class` to the program.
enum ClassRequest: ConsoleRequest {
  struct Opening: Sendable {
    var name: String?
    var address: IPAddress?
    var port: Int?
    var size: Int?
  }

  struct Question: Sendable {
    var text: String
    var choices: [String]
  }

  case open(Opening)
  case roster
  case ask(Question?)
  case reveal
  case show(String?)
  case lesson(String)
  case send
  case save(String)
  case close

  static let mostChoices = 9

  func encode(to encoder: any Encoder) throws {}

  func fulfil(in console: Console) throws(RequestFault) -> any ResultContent {
    if case .open(let opening) = self { return try ClassOpening(opening).fulfil(in: console) }
    let server = console.listener(of: PageFollower.self)?.server
    if case .close = self { return Self.close(server) }
    guard let server else { throw Self.noClass }
    try server.withClass { _ in }
    switch self {
    case .open, .close, .roster: return try Self.roster(server)
    case .ask(let question): return try Self.ask(question, server, console)
    case .reveal: return try Self.reveal(server, console)
    case .show(let name): return try Self.show(name, server)
    case .lesson(let id): return try Self.lesson(id, server)
    case .send: return try Self.send(server, console)
    case .save(let folder): return try Self.save(folder, server)
    }
  }

  static let noClass = RequestFault(
    kind: "no-class", message: said("no class is open; 'class open' opens one"), suggestion: "class open")

  private static func close(_ server: PageServer?) -> ClassReport {
    let before = server?.inClass { room in
      // A class that was closed gets another code when it is opened again.
      room.opening.keeper?.keep(code: nil)
      return room.workspaces.count
    }
    server?.closeClass()
    return ClassReport(closed: before)
  }

  private static func roster(_ server: PageServer) throws(RequestFault) -> ClassReport {
    try server.withClass { ClassReport(of: $0, wasSo: true, roster: $0.roster) }
  }

  // MARK: Asking

  private static func ask(
    _ own: Question?, _ server: PageServer, _ console: Console
  ) throws(RequestFault) -> AskReport {
    let sight = console.session.lessonSight
    let lessons = own == nil ? sight?.question : nil
    guard let question = own ?? lessons.map({ Question(text: $0.text, choices: $0.choices) }) else {
      throw RequestFault(
        kind: "no-question",
        message: said(
          "your lesson is not asking anything at the moment; ask something of your own: ",
          "class ask \"Who gets it?\" \"alice\" \"nobody\""))
    }
    let source = lessons == nil ? nil : sight.map { Poll.Source(lesson: $0.place.lesson, step: $0.place.step) }
    try server.withClass { room in
      room.ask(
        question.text, question.choices, right: lessons?.answer, source: source, earlierStep: lessons?.earlierStep)
    }
    return AskReport(question: question.text, choices: question.choices)
  }

  private static func reveal(_ server: PageServer, _ console: Console) throws(RequestFault) -> RevealReport {
    guard let open = try server.withClass({ $0.poll }), !open.isRevealed else {
      throw RequestFault(
        kind: "nothing-asked", message: said("nothing is being asked; 'class ask' asks something"),
        suggestion: "class ask")
    }
    let proven = open.source.flatMap { console.session.proof(ofStep: $0.step, in: $0.lesson) }
    var proof = proven.map { CommandResult(command: "solution", content: $0.report) }
    // Where the question is still open for the teacher, it is answered with that.
    if let sight = console.session.lessonSight, sight.question != nil,
      open.source == Poll.Source(lesson: sight.place.lesson, step: sight.place.step)
    {
      proof = try console.carryOut("solution")
    }
    let because = proven?.report.because
    guard let poll = try server.withClass({ $0.reveal(because: because, run: proven?.run) }) else { throw noClass }
    return RevealReport(poll: poll, laterSteps: proven?.laterSteps ?? [], proof: proof)
  }

  // MARK: Everybody's work

  private static func show(_ name: String?, _ server: PageServer) throws(RequestFault) -> ShowReport {
    guard let name else {
      try server.withClass { $0.show(nil) }
      return ShowReport(name: nil)
    }
    let found = try server.withClass { room -> (shown: String?, names: [String]) in
      let workspace = room.workspace(named: name)
      if let workspace { room.show(workspace) }
      return (workspace?.name, room.workspaces.map(\.name))
    }
    guard let shown = found.shown else {
      throw RequestFault(
        kind: "unknown-learner", message: said("nobody in the class is called '\(name)'"),
        suggestion: Nearest.candidate(to: name, among: found.names))
    }
    return ShowReport(name: shown)
  }

  private static func lesson(_ id: String, _ server: PageServer) throws(RequestFault) -> GivenReport {
    let found = try server.withClass { room -> (id: String?, count: Int, ids: [String]) in
      let lessons = room.opening.template[LessonShelf.self]?.library()
      guard let lesson = lessons?.lesson(id) else { return (nil, 0, lessons?.lessons.map(\.id) ?? []) }
      return (lesson.id, room.give(Order(kind: .type("lesson \(lesson.id)", script: nil))), [])
    }
    guard let lesson = found.id else {
      throw RequestFault(
        kind: "unknown-lesson", message: said("there is no lesson '\(id)'"),
        suggestion: Nearest.candidate(to: id, among: found.ids))
    }
    return GivenReport(learners: found.count, lesson: lesson)
  }

  private static func send(_ server: PageServer, _ console: Console) throws(RequestFault) -> GivenReport {
    var given = console.session
    given.monitor = nil
    let limits = WorkBudget.Limits()
    guard given.deviceCount <= limits.devices, given.approximateBytes <= limits.bytes else {
      throw RequestFault(
        kind: "too-large",
        message: said(
          "your network is larger than a learner's may be: \(limits.devices) devices, \(limits.bytes >> 20) MB"))
    }
    let order = Order(kind: .take(given))
    return GivenReport(learners: try server.withClass { $0.give(order) }, lesson: nil)
  }

  private static func save(_ folder: String, _ server: PageServer) throws(RequestFault) -> SavedReport {
    let files = try server.withClass { $0.files }
    do throws(SystemError) {
      let replaced = try StateFolder.write(files, to: folder)
      return SavedReport(folder: folder, files: files.map(\.name), replaced: replaced.count)
    } catch {
      throw RequestFault(kind: "cannot-save", message: said("cannot write in the folder '\(folder)': \(error.reason)"))
    }
  }
}

extension PageServer {
  /// Does something with the class, as ``inClass(_:)`` does.
  ///
  /// - Throws: that none is open.
  fileprivate func withClass<Result: Sendable>(
    _ body: @escaping @Sendable (ClassRoom) -> Result
  ) throws(RequestFault) -> Result {
    guard let result = inClass(body) else { throw ClassRequest.noClass }
    return result
  }
}
