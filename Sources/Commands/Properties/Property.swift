// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// A property that `set` changes, as one row: its notation, its meaning, how it is read from a device, and how a
/// device is given it. `set`, `show`, help, completion and the lessons' conditions all go by it.
public struct Property: Sendable {
  /// Its name; `ports` is one property of a router and another of a host.
  public let name: String
  public let owner: PropertyOwner
  public let grammar: PropertyGrammar
  /// Its meaning in a sentence.
  public let summary: String
  /// When a change takes effect in a running network.
  public let takesHold: String
  let reading: @Sendable (PropertyReader) throws(SyntaxError) -> PropertyValue.Contents
  let current: @Sendable (Network, Device) -> PropertyValue.Contents
  let unchanged: @Sendable (Network, Device) -> PropertyValue.Contents
  let axis: (@Sendable (NATBehavior) -> PropertyValue.Contents)?

  /// The property called `name` of a device of `kind`, in any case.
  public static func named(_ name: String, of kind: DeviceKind) -> Property? {
    all.first { $0.owner.includes(kind) && $0.name.matches(name) }
  }

  /// The properties that a device of `kind` has, in the order in which they are shown.
  public static func all(of kind: DeviceKind) -> [Property] { all.filter { $0.owner.includes(kind) } }

  /// The properties of that name, of any kind of device.
  static func all(named name: String) -> [Property] { all.filter { $0.name.matches(name) } }

  /// Reads the words after `set NAME PROPERTY`.
  func read(_ reader: PropertyReader) throws(SyntaxError) -> PropertyValue {
    PropertyValue(property: self, contents: try reading(reader))
  }

  /// Its value on a device.
  func value(of device: Device, in network: Network) -> PropertyValue {
    PropertyValue(property: self, contents: current(network, device))
  }

  /// Its value on an unchanged device of the same kind and preset.
  func standardValue(of device: Device, in network: Network) -> PropertyValue {
    PropertyValue(property: self, contents: unchanged(network, device))
  }

  /// Its value in `behavior`; nil if it is not one of the NAT's axes.
  public func value(in behavior: NATBehavior) -> PropertyValue? {
    axis.map { PropertyValue(property: self, contents: $0(behavior)) }
  }
}

extension Property: Hashable {
  public static func == (one: Property, other: Property) -> Bool { one.name == other.name && one.owner == other.owner }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(owner)
  }
}

/// The kinds of devices that have it.
public enum PropertyOwner: String, Hashable, Sendable, Encodable {
  case router
  case host
  /// Of hosts and routers alike.
  case any

  /// Whether a device of `kind` has it.
  public func includes(_ kind: DeviceKind) -> Bool {
    switch self {
    case .router: kind == .router
    case .host: kind == .host
    case .any: kind != .internet
    }
  }
}

/// A property together with the type of its values, so that code can name one: `Properties.mapping(.addressDependent)`.
public struct TypedProperty<Value: Sendable>: Sendable {
  public let property: Property
  private let contents: @Sendable (Value) -> PropertyValue.Contents

  /// The property set to `value`.
  public func callAsFunction(_ value: Value) -> PropertyValue {
    PropertyValue(property: property, contents: contents(value))
  }

  /// A property of a device.
  ///
  /// - Parameters:
  ///   - notation: how values are written.
  ///   - current: its value on a device.
  ///   - standard: its value on a new device.
  ///   - change: sets it on a device.
  init(
    _ name: String, _ owner: PropertyOwner, _ notation: Notation<Value>, _ summary: String, _ takesHold: String,
    current: @escaping @Sendable (Network, Device) -> Value, standard: @escaping @Sendable (Network, Device) -> Value,
    change: @escaping @Sendable (inout Network, DeviceID, Value) throws(BuildError) -> PropertyValue.Effect
  ) {
    let contents: @Sendable (Value) -> PropertyValue.Contents = { value in
      PropertyValue.Contents(
        text: notation.text(value),
        change: .device { network, id throws(BuildError) in try change(&network, id, value) })
    }
    self.contents = contents
    property = Property(
      name: name, owner: owner, grammar: notation.grammar, summary: summary, takesHold: takesHold,
      reading: { reader throws(SyntaxError) in contents(try notation.read(reader)) },
      current: { contents(current($0, $1)) }, unchanged: { contents(standard($0, $1)) }, axis: nil)
  }

  /// One of a device's that costs no row of a table.
  init(
    _ name: String, _ owner: PropertyOwner, _ notation: Notation<Value>, _ summary: String, _ takesHold: String,
    current: @escaping @Sendable (Network, Device) -> Value, standard: @escaping @Sendable (Network, Device) -> Value,
    set: @escaping @Sendable (inout Network, DeviceID, Value) throws(BuildError) -> Void
  ) {
    self.init(name, owner, notation, summary, takesHold, current: current, standard: standard) {
      network, id, value throws(BuildError) in
      try set(&network, id, value)
      return 0
    }
  }

  /// One of the NAT's axes.
  ///
  /// - Parameters:
  ///   - get: its value in a behavior.
  ///   - set: changes it in a behavior.
  init(
    axis name: String, _ notation: Notation<Value>, _ summary: String, _ takesHold: String,
    get: @escaping @Sendable (NATBehavior) -> Value, set: @escaping @Sendable (inout NATBehavior, Value) -> Void
  ) {
    let contents: @Sendable (Value) -> PropertyValue.Contents = { value in
      PropertyValue.Contents(text: notation.text(value), change: .axis { set(&$0, value) })
    }
    self.contents = contents
    property = Property(
      name: name, owner: .router, grammar: notation.grammar, summary: summary, takesHold: takesHold,
      reading: { reader throws(SyntaxError) in contents(try notation.read(reader)) },
      current: { contents(get($0.router($1.id)?.nat.behavior ?? NATBehavior())) },
      unchanged: { contents(get(($0.router($1.id)?.preset ?? .home).behavior)) },
      axis: { contents(get($0)) })
  }

  /// One of the NAT's axes that is one of its behavior's properties.
  init(
    axis name: String, _ notation: Notation<Value>, _ path: WritableKeyPath<NATBehavior, Value> & Sendable,
    _ summary: String, _ takesHold: String
  ) {
    self.init(axis: name, notation, summary, takesHold, get: { $0[keyPath: path] }, set: { $0[keyPath: path] = $1 })
  }
}
