// SPDX-License-Identifier: GPL-3.0-or-later

/// Values by their type: what the outer layer lends a session for commands that this target knows nothing of, such as
/// the lessons of a folder.
struct Provisions: Sendable {
  private var values: [ObjectIdentifier: any Sendable] = [:]

  subscript<Provision: Sendable>(type: Provision.Type) -> Provision? {
    get { values[ObjectIdentifier(type)] as? Provision }
    set { values[ObjectIdentifier(type)] = newValue }
  }
}
