// SPDX-License-Identifier: GPL-3.0-or-later

extension Condition {
  /// The devices that it names, with the lines on which they are named.
  var names: [Lesson.Located<String>] {
    switch kind {
    case .found(let pattern): pattern.names
    case .order(let patterns): patterns.flatMap(\.names)
    case .setting(let device, _), .unchanged(let device): [Lesson.Located(device, line: line)]
    case .clock, .looked: []
    case .not(let conditions), .any(let conditions), .all(let conditions): conditions.flatMap(\.names)
    }
  }

  /// The commands that the learner must have looked with.
  var lookedWords: [Lesson.Located<String>] {
    switch kind {
    case .looked(let word): [Lesson.Located(word, line: line)]
    case .not(let conditions), .any(let conditions), .all(let conditions): conditions.flatMap(\.lookedWords)
    case .found, .setting, .unchanged, .clock, .order: []
    }
  }

  /// The settings that it asks for, each with its device.
  var settings: [(device: String, setting: Setting)] {
    switch kind {
    case .setting(let device, let settings): settings.map { (device, $0) }
    case .not(let conditions), .any(let conditions), .all(let conditions): conditions.flatMap(\.settings)
    case .found, .unchanged, .clock, .looked, .order: []
    }
  }

  /// The program events that it asks for.
  var told: [ToldPattern] {
    switch kind {
    case .found(let pattern): pattern.told.map { [$0] } ?? []
    case .not(let conditions), .any(let conditions), .all(let conditions): conditions.flatMap(\.told)
    case .setting, .unchanged, .clock, .looked, .order: []
    }
  }

  /// Whether it looks for an event, rather than for the present state.
  var isAboutEvents: Bool {
    switch kind {
    case .found(let pattern): pattern.nature != .state
    case .not(let conditions), .any(let conditions), .all(let conditions):
      conditions.contains(where: \.isAboutEvents)
    case .order: true
    case .setting, .unchanged, .clock, .looked: false
    }
  }

  /// Whether it depends on measurements or looks, which `undo` does not take back.
  var outlivesUndo: Bool {
    switch kind {
    case .found(let pattern): pattern.nature == .finding
    case .looked: true
    case .not(let conditions), .any(let conditions), .all(let conditions): conditions.contains(where: \.outlivesUndo)
    case .setting, .unchanged, .clock, .order: false
    }
  }
}
