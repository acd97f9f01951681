// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Lessons
import Rendering

/// The class as it is: `{"class": {"url": "http://192.168.1.5:8420/", "code": "123456", "learners": 0}}`.
struct ClassReport: ResultContent {
  /// Nil if none is open.
  var url: String?
  var code: String?
  var name: String?
  var learners: Int
  /// Whether that was so before.
  var wasSo: Bool
  /// Everybody, where that was asked.
  var roster: [RosterRow]?
  /// Why the learners' work is not kept on disk.
  var trouble: String?
  /// The projector's page.
  var page: String?
  /// Whether there is a prompt at which commands can be typed.
  var hasPrompt = true

  /// No class.
  init(closed learners: Int?) {
    self.learners = learners ?? 0
    wasSo = learners == nil
  }

  /// - Parameter page: the projector's page, where that is to be told.
  init(of room: ClassRoom, wasSo: Bool, page: String? = nil, roster: [RosterRow]? = nil) {
    url = room.opening.url
    code = room.opening.code
    name = room.opening.name
    learners = room.workspaces.count
    trouble = room.opening.keeper?.trouble
    self.wasSo = wasSo
    self.page = page
    self.roster = roster
  }

  private enum CodingKeys: String, CodingKey { case room = "class" }
  private enum ClassKeys: String, CodingKey { case url, code, name, learners, roster, open }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var room = container.nestedContainer(keyedBy: ClassKeys.self, forKey: .room)
    try room.encode(url, forKey: .url)
    try room.encode(code, forKey: .code)
    try room.encode(name, forKey: .name)
    try room.encode(learners, forKey: .learners)
    try room.encode(url != nil, forKey: .open)
    try room.encodeIfPresent(roster, forKey: .roster)
  }
}

/// `class ask`
struct AskReport: ResultContent {
  var question: String
  var choices: [String]

  private enum CodingKeys: String, CodingKey { case asked }
  private enum AskKeys: String, CodingKey { case question, choices }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var asked = container.nestedContainer(keyedBy: AskKeys.self, forKey: .asked)
    try asked.encode(question, forKey: .question)
    try asked.encode(choices, forKey: .choices)
  }
}

/// `class reveal`
struct RevealReport: ResultContent {
  var poll: Poll
  /// The steps of the lesson that ask it again in other words, from 1.
  var laterSteps: [Int] = []
  /// The lesson's answer with the run that proves it.
  var proof: CommandResult?

  private enum CodingKeys: String, CodingKey { case revealed }
  private enum RevealKeys: String, CodingKey { case question, choices, counts, answers, right, because, before, later }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var revealed = container.nestedContainer(keyedBy: RevealKeys.self, forKey: .revealed)
    try revealed.encode(poll.question, forKey: .question)
    try revealed.encode(poll.choices, forKey: .choices)
    try revealed.encode(poll.counts, forKey: .counts)
    try revealed.encode(poll.answered, forKey: .answers)
    try revealed.encode(poll.revealed, forKey: .right)
    try revealed.encode(poll.because, forKey: .because)
    try revealed.encodeIfPresent(poll.before, forKey: .before)
    if !laterSteps.isEmpty { try revealed.encode(laterSteps, forKey: .later) }
    try proof?.content.encode(to: encoder)
  }
}

/// `class show`
struct ShowReport: ResultContent {
  /// Nil is the teacher's own.
  var name: String?

  private enum CodingKeys: String, CodingKey { case shown }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .shown)
  }
}

/// `class lesson`, `class send`
struct GivenReport: ResultContent {
  var learners: Int
  /// Nil if it is the teacher's network.
  var lesson: String?

  private enum CodingKeys: String, CodingKey { case given }
  private enum GivenKeys: String, CodingKey { case learners, lesson }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var given = container.nestedContainer(keyedBy: GivenKeys.self, forKey: .given)
    try given.encode(learners, forKey: .learners)
    try given.encode(lesson, forKey: .lesson)
  }
}

/// `class save`
struct SavedReport: ResultContent {
  var folder: String
  var files: [String]
  /// How many of them were there before.
  var replaced: Int

  private enum CodingKeys: String, CodingKey { case saved, files, replaced }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(folder, forKey: .saved)
    try container.encode(files, forKey: .files)
    try container.encode(replaced, forKey: .replaced)
  }
}
