// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// A property and what it is set to. Its text is what `set` reads back, and two values of one text are the same.
public struct PropertyValue: Sendable {
  public let property: Property
  private let contents: Contents

  /// How many rows of the table a change has cost.
  typealias Effect = Int

  /// A value without its property.
  struct Contents: Sendable {
    let text: String
    let change: Change
  }

  /// What setting it does.
  enum Change: Sendable {
    /// Changes a router's behavior.
    case axis(@Sendable (inout NATBehavior) -> Void)
    /// Changes something else of a device.
    case device(@Sendable (inout Network, DeviceID) throws(BuildError) -> Effect)
  }

  init(property: Property, contents: Contents) {
    self.property = property
    self.contents = contents
  }

  /// Sets this value in a router's behavior. False, and nothing done, for a property that is not one of the NAT's axes.
  @discardableResult
  public func apply(to behavior: inout NATBehavior) -> Bool {
    guard case .axis(let change) = contents.change else { return false }
    change(&behavior)
    return true
  }

  /// Gives it to a device.
  ///
  /// - Returns: how many rows of its table that has emptied.
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
  /// What the property called `name` of a device is set to; nil where there is no such device, or it has no such property.
  package func setting(_ name: String, of device: String) -> PropertyValue? {
    guard let device = network.device(named: device), let property = Property.named(name, of: device.kind) else {
      return nil
    }
    return property.value(of: device, in: network)
  }
}

extension Device {
  /// The word for its kind: `host`, `router` or `internet`.
  package var kindName: String { kind.rawValue }
}
