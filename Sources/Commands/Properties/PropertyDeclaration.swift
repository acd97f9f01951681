// SPDX-License-Identifier: GPL-3.0-or-later

/// A property as `set` reads it, help explains it, completion offers it and `show` prints it.
public struct PropertyDeclaration: Hashable, Sendable {
  public let property: Property
  public let name: String
  public let owner: PropertyOwner
  public let grammar: PropertyGrammar
  /// Its meaning in a sentence.
  public let summary: String
  /// When a change takes hold on a network that is running.
  public let takesHold: String

  /// The property called `name` of a device of `kind`, in any case.
  public static func named(_ name: String, of kind: DeviceKind) -> PropertyDeclaration? {
    all.first { $0.owner.includes(kind) && $0.name.matches(name) }
  }

  /// The properties that a device of `kind` has, in the order in which they are shown.
  public static func all(of kind: DeviceKind) -> [PropertyDeclaration] {
    all.filter { $0.owner.includes(kind) }
  }

  /// The properties of that name, of any kind of device.
  static func all(named name: String) -> [PropertyDeclaration] {
    all.filter { $0.name.matches(name) }
  }

  static func declaration(of property: Property) -> PropertyDeclaration {
    let found = all.first { $0.property == property }
    // A test checks that the table has every case; the empty declaration is never seen.
    return found ?? PropertyDeclaration(property, "", .any, .onOff(first: false), "", "")
  }

  init(
    _ property: Property, _ name: String, _ owner: PropertyOwner, _ grammar: PropertyGrammar, _ summary: String,
    _ takesHold: String
  ) {
    self.property = property
    self.name = name
    self.owner = owner
    self.grammar = grammar
    self.summary = summary
    self.takesHold = takesHold
  }
}
