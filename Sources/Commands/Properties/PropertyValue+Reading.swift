// SPDX-License-Identifier: GPL-3.0-or-later

import NetworkSimulator

extension PropertyValue {
  /// Reads the words after `set NAME PROPERTY`.
  package static func read(
    _ text: String, as declaration: PropertyDeclaration, of device: String
  ) throws(SyntaxError) -> PropertyValue {
    let tokens = try Statement.statements(in: text).flatMap(\.tokens)
    guard !tokens.isEmpty else {
      throw SyntaxError(
        .missingArgument(label: "VALUE", after: declaration.name, usage: declaration.grammar.usage), column: 1)
    }
    return try PropertyReader(declaration, tokens, device: device).value()
  }
}

extension Session {
  /// The value of `property` of the device called `name`; nil if there is no such device, or it has no such property.
  package func setting(_ property: String, of name: String) -> (
    declaration: PropertyDeclaration, value: PropertyValue
  )? {
    guard let device = network.device(named: name),
      let declaration = PropertyDeclaration.named(property, of: device.kind)
    else { return nil }
    return (declaration, value(of: declaration.property, device))
  }
}

extension Device {
  /// The word for its kind: `host`, `router` or `internet`.
  package var kindName: String { kind.rawValue }
}
