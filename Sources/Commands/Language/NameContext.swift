// SPDX-License-Identifier: GPL-3.0-or-later

/// The facts about the present network that parsing and completion need.
public protocol NameContext {
  /// The device of that name, in any case; nil if there is none. The internet is a device of its own kind.
  func device(named name: String) -> NamedDevice?
  /// The names of the devices of those kinds, in the order they were made.
  func deviceNames(_ kinds: DeviceKinds) -> [String]
  /// The scenes that can be loaded, in the order of their list.
  var sceneNames: [String] { get }
  /// The outside ports that a router forwards.
  func forwardedPorts(of router: String) -> [UInt16]
  /// The ports that a device listens on or has sent from.
  func knownPorts(of device: String) -> [UInt16]
  /// Endpoints worth sending to that belong to no device, such as the outside ones of the tables' rows.
  var knownEndpoints: [String] { get }
  /// Whether any host answers questions about names.
  var hasNameServers: Bool { get }
  /// The names that they know.
  var knownNames: [String] { get }
  /// The words of a list that an outer layer keeps, such as the available lessons.
  func listedWords(_ list: String) -> [Completions.Candidate]
}

extension NameContext {
  public func forwardedPorts(of router: String) -> [UInt16] { [] }
  public func knownPorts(of device: String) -> [UInt16] { [] }
  public var knownEndpoints: [String] { [] }
  public var hasNameServers: Bool { false }
  public var knownNames: [String] { [] }
  public func listedWords(_ list: String) -> [Completions.Candidate] { [] }
}

/// A device as the language knows it.
public struct NamedDevice: Hashable, Sendable {
  /// As it was typed when the device was made.
  public var name: String
  public var kind: DeviceKind

  public init(name: String, kind: DeviceKind) {
    self.name = name
    self.kind = kind
  }
}

/// A device's kind.
public enum DeviceKind: String, Codable, Sendable {
  case host
  case router
  case internet
}

/// A choice of kinds of devices.
public struct DeviceKinds: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let hosts = DeviceKinds(rawValue: 1)
  public static let routers = DeviceKinds(rawValue: 2)
  public static let internet = DeviceKinds(rawValue: 4)
  /// The devices that a learner makes: hosts and routers.
  public static let devices: DeviceKinds = [.hosts, .routers]
  /// No device: a name that a host asks for.
  public static let asked = DeviceKinds(rawValue: 8)
  /// Everything that can be sent to.
  public static let reachable: DeviceKinds = [.all, .asked]
  /// Everything that has an address to send to.
  public static let all: DeviceKinds = [.hosts, .routers, .internet]

  /// Whether a device of `kind` is among them.
  public func includes(_ kind: DeviceKind) -> Bool {
    switch kind {
    case .host: contains(.hosts)
    case .router: contains(.routers)
    case .internet: contains(.internet)
    }
  }
}
