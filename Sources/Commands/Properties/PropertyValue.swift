// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// A property and its value. Its text is read back by `set`, and two values with the same text are equal.
public struct PropertyValue: Sendable {
  public let property: Property
  private let contents: Contents

  /// The number of table rows that a change has removed.
  typealias Effect = Int

  /// A value without its property.
  struct Contents: Sendable {
    let text: String
    let change: Change
  }

  /// The effect of setting it.
  enum Change: Sendable {
    /// Changes a router's behavior.
    case axis(@Sendable (inout NATBehavior) -> Void)
    /// Changes something else on a device.
    case device(@Sendable (inout Network, DeviceID) throws(BuildError) -> Effect)
  }

  init(property: Property, contents: Contents) {
    self.property = property
    self.contents = contents
  }

  /// Sets this value in a router's behavior. Returns false and does nothing if the property is not one of the NAT's
  /// axes.
  @discardableResult
  public func apply(to behavior: inout NATBehavior) -> Bool {
    guard case .axis(let change) = contents.change else { return false }
    change(&behavior)
    return true
  }

  /// Sets it on a device.
  ///
  /// - Returns: how many rows that has removed from its table.
  func carryOut(on id: DeviceID, in network: inout Network) throws(BuildError) -> Effect {
    switch contents.change {
    case .device(let change): return try change(&network, id)
    case .axis(let change):
      var behavior = network.router(id)?.nat.behavior ?? NATBehavior()
      change(&behavior)
      return network.configure(id, behavior)
    }
  }
}

extension PropertyValue: CustomStringConvertible {
  /// The words that `set` takes for it.
  public var description: String { contents.text }
}

extension PropertyValue: Hashable {
  public static func == (one: PropertyValue, other: PropertyValue) -> Bool {
    one.property == other.property && one.description == other.description
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(property)
    hasher.combine(description)
  }
}

extension PropertyValue {
  /// Reads the words after `set NAME PROPERTY`.
  package static func read(
    _ text: String, as property: Property, of device: String
  ) throws(SyntaxError) -> PropertyValue {
    let tokens = try Statement.statements(in: text).flatMap(\.tokens)
    guard !tokens.isEmpty else {
      throw SyntaxError(
        .missingArgument(label: "VALUE", after: property.name, usage: property.grammar.usage), column: 1)
    }
    return try property.read(PropertyReader(property, tokens, device: device))
  }
}

extension Session {
  /// The value of a device's property called `name`; nil if there is no such device, or it has no such property.
  package func setting(_ name: String, of device: String) -> PropertyValue? {
    guard let device = network.device(named: device), let property = Property.named(name, of: device.kind) else {
      return nil
    }
    return property.value(of: device, in: network)
  }
}

extension Device {
  /// The values of its properties, in the order in which they are shown.
  package func settings(in network: Network) -> [PropertyValue] {
    Property.all(of: kind).map { $0.value(of: self, in: network) }
  }

  /// The word for its kind: `host`, `router` or `internet`.
  package var kindName: String { kind.rawValue }
}
