// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

extension ParameterMatcher {
  /// The possibilities for the next word.
  enum Expectation {
    case word(String)
    case value(ArgumentKind)
    case property(of: DeviceKind)
    /// The next word of a property's value, after those.
    case propertyValue(Property, after: [Token])
  }

  var expectations: [Expectation] {
    if let pending, case .clause(let kind, _, _) = pending.shape { return [expectation(kind)] }
    var found: [Expectation] = []
    var next = nextInOrder(from: place)
    if next.map(isRigid) != true {
      for parameter in form where parameter.isFloating && !isUsedUp(parameter) {
        found += parameter.keywords.map { .word($0) }
      }
    }
    while let index = next {
      switch form[index].shape {
      case .optional(let kind, _): found.append(expectation(kind))
      case .required(let kind), .rest(let kind): return found + [expectation(kind)]
      case .keyword: return found + [.word(form[index].label)]
      case .clause, .choice: break
      }
      next = nextInOrder(from: index + 1)
    }
    return found
  }

  private func expectation(_ kind: ArgumentKind) -> Expectation {
    if case .property(let label) = kind, let device = device(label) { return .property(of: device.kind) }
    if case .propertyValue(let label) = kind, let property = property(label) {
      return .propertyValue(property, after: rest)
    }
    return .value(kind)
  }
}
