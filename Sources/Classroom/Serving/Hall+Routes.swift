// SPDX-License-Identifier: GPL-3.0-or-later

import NIOCore
import Rendering
import Shell
import Wording

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Hall {
  /// Answers what only a class is asked; at once or, where it takes time, later.
  func answer(_ route: Gate.Route, _ ask: Ask, loop: any NIOCore.EventLoop, reply: @escaping (Reply) -> Void) {
    guard let room else { return reply(.response(.words(404, said("No class is open.")))) }
    switch route {
    case .invitation: return reply(.response(.json(invitation(room, ask))))
    case .join: return join(room, ask, loop, reply)
    default: break
    }
    guard let workspace = room.workspace(token: ask.token) else {
      return reply(.response(.words(403, said("Join the class first, with the code and your name."))))
    }
    switch route {
    case .workEvents: reply(.watch(workspace.board))
    case .workState: reply(.response(.json(workspace.board.log.snapshot.data)))
    case .answer: reply(.response(answer(room, workspace, ask)))
    case .complete: reply(.response(Self.complete(workspace, ask)))
    case .run: run(workspace, ask, reply)
    case .handIn:
      let text = workspace.learner.handIn(name: workspace.name).text
      reply(.response(Response(status: 200, type: "text/plain", text: text)))
    case .invitation, .join: break
    }
  }

  /// The body as JSON of that kind; nil if it is not.
  private static func read<Body: Decodable>(_ type: Body.Type, _ ask: Ask) -> Body? {
    try? JSONDecoder().decode(type, from: Data(ask.body))
  }

  private static func unreadable(_ example: String) -> Response {
    .words(400, said("The body must be JSON such as \(example)."))
  }

  // MARK: The way in

  /// Where to go and which code to type, for those who stand before the teacher's machine. Nobody else is told the code.
  private func invitation(_ room: ClassRoom, _ ask: Ask) -> String {
    struct Invitation: Encodable {
      var name: String
      var url: String
      var code: String?
      var qr: [String]?
    }
    let opening = room.opening
    return JSONRenderer().line(
      for: Invitation(
        name: opening.name, url: opening.learnURL, code: ask.isLocal ? opening.code : nil,
        qr: ask.isLocal ? QRCode(opening.joinURL)?.rows : nil))
  }

  private struct JoinBody: Decodable {
    var name: String?
    var code: String?

    private enum CodingKeys: String, CodingKey { case name, code }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      name = try container.decodeIfPresent(String.self, forKey: .name)
      // Six digits are a number to some programs.
      if let digits = try? container.decodeIfPresent(String.self, forKey: .code) {
        code = digits
      } else if let number = try container.decodeIfPresent(Int.self, forKey: .code) {
        let digits = String(number)
        code = String(repeating: "0", count: max(0, 6 - digits.count)) + digits
      }
    }
  }

  private func join(
    _ room: ClassRoom, _ ask: Ask, _ loop: any NIOCore.EventLoop, _ reply: @escaping (Reply) -> Void
  ) {
    guard let body = Self.read(JoinBody.self, ask) else {
      return reply(.response(Self.unreadable(#"{"code": "123456", "name": "Ann"}"#)))
    }
    let returns = room.returning(name: body.name, token: ask.token) != nil
    guard let wait = returns ? 0 : room.wait(of: ask.peer) else {
      return reply(
        .response(.words(403, said("Too many tries with a wrong code. Wait a minute, and ask for the code."))))
    }
    let judge: () -> Void = { [self] in
      let joining = room.join(name: body.name, code: body.code, token: ask.token, peer: ask.peer)
      let answer = { reply(.response(self.answer(to: joining, room))) }
      // Whoever's work is still being restored is told once it is there.
      if case .joined(let workspace, _) = joining, workspace.take(Order(kind: .wait), reply: { _ in answer() }) {
        return
      }
      answer()
    }
    guard wait > 0 else { return judge() }
    loop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(wait)), judge)
  }

  private func answer(to joining: ClassRoom.Joining, _ room: ClassRoom) -> Response {
    struct Joined: Encodable {
      var name: String
      var room: String
      var history: [String]

      private enum CodingKeys: String, CodingKey {
        case name, history
        case room = "class"
      }
    }
    switch joining {
    case .joined(let workspace, let token):
      workspace.lastSeen = RealTime.milliseconds()
      var response = Response.json(
        JSONRenderer().line(
          for: Joined(name: workspace.name, room: room.opening.name, history: workspace.learner.history)))
      if let token {
        response.headers = [
          ("Set-Cookie", "\(cookie)=\(token); Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000")
        ]
      }
      return response
    case .wrongCode: return .words(403, said("That is not the code. It has six digits and is shown on the projector."))
    case .tooManyTries: return .words(403, said("Too many tries with a wrong code. Wait a minute."))
    case .nameTaken:
      return .words(409, said("Somebody here already has that name. Take another, perhaps with one more letter."))
    case .unusableName:
      return .words(
        400, said("Type a name of at most \(ClassRoom.longestName) letters by which your teacher knows you."))
    case .full: return .words(503, said("The class is full: it has room for \(room.opening.size)."))
    case .noChance: return .words(503, said("This machine cannot let anybody in at the moment. Try again."))
    }
  }

  // MARK: In the class

  private struct AnswerBody: Codable { var choice: Int }

  private func answer(_ room: ClassRoom, _ workspace: Workspace, _ ask: Ask) -> Response {
    guard let body = Self.read(AnswerBody.self, ask) else { return Self.unreadable(#"{"choice": 2}"#) }
    let answering = room.answer(body.choice, of: workspace)
    guard let refusal = answering.refusal else { return .json(JSONRenderer().line(for: body)) }
    if case .noSuchChoice = answering { return .words(400, refusal) }
    return .words(409, refusal)
  }

  private struct RunBody: Decodable {
    var line: String
    var script: String?
    var width: Int?
  }

  private func run(_ workspace: Workspace, _ ask: Ask, _ reply: @escaping (Reply) -> Void) {
    guard let body = Self.read(RunBody.self, ask) else {
      return reply(.response(Self.unreadable(#"{"line": "send alice bob"}"#)))
    }
    let order = Order(kind: .type(body.line, script: body.script), width: body.width ?? 80)
    let isTaken = workspace.take(order) { reply(.response(.json($0.json))) }
    if !isTaken {
      reply(
        .response(.words(429, said("Your last commands are still being carried out. Wait for them, then type on."))))
    }
  }

  private struct CompleteBody: Decodable {
    var line: String
    /// In UTF-8 bytes; the line's end unless said.
    var cursor: Int?
  }

  private static func complete(_ workspace: Workspace, _ ask: Ask) -> Response {
    struct Found: Encodable {
      struct Candidate: Encodable {
        var text: String
        var note: String?
        var space: Bool
      }
      var start: Int
      var candidates: [Candidate]
    }
    guard let body = read(CompleteBody.self, ask), body.line.utf8.count <= 4_096 else {
      return unreadable(#"{"line": "send al", "cursor": 7}"#)
    }
    let count = body.line.utf8.count
    let found = workspace.learner.session.completions(line: body.line, cursor: min(max(body.cursor ?? count, 0), count))
    let candidates = found.candidates.prefix(100).map { candidate in
      Found.Candidate(
        text: candidate.text, note: candidate.note.map { StyledText(prose: $0).plain }, space: candidate.appendsSpace)
    }
    return .json(JSONRenderer().line(for: Found(start: found.start, candidates: candidates)))
  }
}
