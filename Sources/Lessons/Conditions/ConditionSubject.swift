// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

/// A kind of thing that conditions look for, such as hops. Each is a file of its own in the folder Subjects and a line
/// in ``Condition/subjects``.
protocol ConditionSubject: Sendable {
  associatedtype Item: Sendable

  /// The condition's word: `hop`.
  static var word: String { get }
  static var nature: ConditionNature { get }
  /// Its keys, `count` apart, in the order in which a sentence has them.
  static var fields: [ConditionField<Item>] { get }
  /// A key that is not in the table; nil if only those in the table are known.
  static func openField(_ key: String) -> ConditionField<Item>?

  /// All there are for a pattern to choose from.
  static func items(for pattern: Pattern<Self>, in context: ConditionContext) -> [Item]
  /// Whether an item has a moment, so that one can come after another.
  static var hasMoments: Bool { get }
  /// When it happened, as a hop's number; nil if it has no such moment.
  static func moment(of item: Item) -> Int?

  /// The thing looked for, without an article: `packet from bob`.
  static func noun(_ words: PatternWords) -> String
  /// The event that it met: `dropped at home-a`. Empty for things that just exist or do not.
  static func event(_ words: PatternWords) -> String
  /// The verb before that: `has been`.
  static var auxiliary: String { get }
  /// An item in words for the learner, a sentence without its full stop.
  static func shown(_ item: Item, in context: ConditionContext) -> String
  /// What was found instead of a pattern's match, for the lesson's author; nil if that adds nothing.
  static func instead(of pattern: Pattern<Self>, in context: ConditionContext) -> String?
  /// The program event that a pattern asks for; nil if it asks for none.
  static func told(by pattern: Pattern<Self>) -> ToldPattern?
}

extension ConditionSubject {
  static var hasMoments: Bool { false }
  static var auxiliary: String { said("has been") }
  static func openField(_ key: String) -> ConditionField<Item>? { nil }
  static func moment(of item: Item) -> Int? { nil }
  static func event(_ words: PatternWords) -> String { "" }
  static func instead(of pattern: Pattern<Self>, in context: ConditionContext) -> String? { nil }
  static func told(by pattern: Pattern<Self>) -> ToldPattern? { nil }
}

/// How what a condition looks for comes and goes.
package enum ConditionNature: Sendable {
  /// It is there or not.
  case state
  /// It has happened since the step began; `undo` takes it back.
  case happening
  /// A command has found it out, which `undo` does not take back.
  case finding
}

extension Condition {
  /// Everything that conditions look for.
  static let subjects: [any ConditionSubject.Type] = [
    HopSubject.self, DeliverySubject.self, MappingSubject.self, DeviceSubject.self, MeasuredSubject.self,
    EventSubject.self, ProgramSubject.self, MatrixSubject.self,
  ]
}

/// A pattern and the number of matches that it needs, whatever the subject.
package protocol FoundPattern: Sendable {
  var count: Comparison { get }
  var nature: ConditionNature { get }
  /// Whether what it looks for has a moment, so that one can come after another.
  var hasMoments: Bool { get }
  /// The devices that it names.
  var names: [Lesson.Located<String>] { get }
  /// The program event that it asks for, to be checked against the program's events; nil if it asks for none.
  var told: ToldPattern? { get }
  func count(in context: ConditionContext) -> Int
  /// The first moment after `hop` at which it happened.
  func moment(after hop: Int, in context: ConditionContext) -> Int?
  var words: PatternWords { get }
  /// The thing that fulfils it, in words; nil if nothing does.
  func shown(in context: ConditionContext) -> String?
  func instead(in context: ConditionContext) -> String?
}

/// A subject's pattern: the keys that are asked for.
struct Pattern<Subject: ConditionSubject>: FoundPattern {
  var fields: [BoundField<Subject.Item>] = []
  var count = Comparison.some

  var nature: ConditionNature { Subject.nature }
  var hasMoments: Bool { Subject.hasMoments }
  var names: [Lesson.Located<String>] { fields.compactMap(\.name) }

  /// The text that is asked for under `key`.
  func word(_ key: String) -> String? { fields.first { $0.key == key }?.said.text }

  func items(in context: ConditionContext) -> [Subject.Item] {
    Subject.items(for: self, in: context).filter { item in fields.allSatisfy { $0.holds(item, context) } }
  }

  func count(in context: ConditionContext) -> Int { items(in: context).count }

  func moment(after hop: Int, in context: ConditionContext) -> Int? {
    items(in: context).lazy.compactMap(Subject.moment).first { $0 > hop }
  }

  func shown(in context: ConditionContext) -> String? {
    items(in: context).last.map { Subject.shown($0, in: context) }
  }

  func instead(in context: ConditionContext) -> String? { Subject.instead(of: self, in: context) }

  var told: ToldPattern? { Subject.told(by: self) }
}

/// A program, an event and keys that a condition asks for, each with its line, to see whether they are ever told.
package struct ToldPattern: Sendable {
  package var program: Lesson.Located<String>?
  package var event: Lesson.Located<String>?
  package var keys: [Lesson.Located<String>] = []
}
