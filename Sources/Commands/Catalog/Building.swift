// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// `router NAME [ADDRESS] [lan PREFIX] [behind ROUTER] [preset PRESET]`
public struct RouterCommand: Command {
  public let name: Located<String>
  /// Outside addresses, one of each family at most.
  public let addresses: [Located<IPAddress>]
  /// Inside prefixes, one of each family at most.
  public let lans: [Located<IPPrefix>]
  public let behind: Located<NamedDevice>?
  public let preset: Located<NATPreset>?

  public init(_ arguments: Arguments) throws(SyntaxError) {
    name = try arguments.name("NAME")
    addresses = arguments.addresses("ADDRESS")
    lans = arguments.prefixes("lan")
    behind = arguments.optionalDevice("behind")
    preset = arguments.optionalPreset("preset")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "router", leadIns: ["create", "add"], strangers: ["gateway", "modem", "firewall"],
    group: .building, effect: .changes,
    forms: [
      [
        .required("NAME", .newName), .optional("ADDRESS", .address, atMost: 2),
        .clause("lan", "PREFIX", .prefix, atMost: 2),
        .clause("behind", "ROUTER", .device(.routers)), .clause("preset", "PRESET", .preset),
      ]
    ],
    summary: "makes a NAT router",
    details: [
      "ADDRESS is the router's outside address, and `lan` the private network inside. What you leave out is chosen: the "
        + "next free documentation address of 203.0.113.0/24, the next free 192.168.N.0/24, a link to the internet.",
      "`behind` puts the router inside another one, as a provider's NAT is in front of a home's (CGNAT); its outside "
        + "address is then one of the outer router's `lan`.",
      "ADDRESS and `lan` may each be given twice, once IPv4 and once IPv6. IPv4 is translated. IPv6 is routed as it is, "
        + "behind the same firewall.",
      "`preset` names a kind of router: see `help presets`. `create` or `add` before it is allowed and ignored.",
    ],
    examples: [
      "router home-a 49.36.10.25 lan 192.168.1.0/24", "router carrier preset cgnat lan 100.64.0.0/24",
      "router home-b behind carrier",
    ],
    seeAlso: ["host", "set", "presets", "private-addresses"])
}

/// `host NAME [ADDRESS] [behind ROUTER]`
public struct HostCommand: Command {
  public let name: Located<String>
  public let addresses: [Located<IPAddress>]
  public let behind: Located<NamedDevice>?

  public init(_ arguments: Arguments) throws(SyntaxError) {
    name = try arguments.name("NAME")
    addresses = arguments.addresses("ADDRESS")
    behind = arguments.optionalDevice("behind")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "host", leadIns: ["create", "add"], strangers: ["computer", "device", "node", "pc", "laptop", "server"],
    group: .building, effect: .changes,
    forms: [
      [
        .required("NAME", .newName), .optional("ADDRESS", .address, atMost: 2),
        .clause("behind", "ROUTER", .device(.routers)),
      ]
    ],
    summary: "makes a computer",
    details: [
      "With `behind` the computer is in that router's private network; without it, directly on the internet. "
        + "Leave ADDRESS out and it gets the next free one of its network.",
      "A private address without `behind` is refused: on the internet nobody could find it.",
    ],
    examples: ["router home-a", "host alice behind home-a", "host bob 88.90.100.110"],
    seeAlso: ["router", "send", "private-addresses"])
}

/// `remove NAME`
public struct RemoveCommand: Command {
  public let device: Located<NamedDevice>

  public init(_ arguments: Arguments) throws(SyntaxError) { device = try arguments.device("NAME") }

  public static let declaration = CommandDeclaration(
    Self.self, "remove", strangers: ["delete", "del", "rm", "destroy", "kill"], group: .building, effect: .changes,
    forms: [[.required("NAME", .device(.devices))]],
    summary: "removes a device",
    details: ["Its packets in flight go with it. `undo` brings it back."],
    examples: ["host bob", "remove bob"], seeAlso: ["reset", "undo"])
}

/// `reset`
public struct ResetCommand: Command {
  public init(_ arguments: Arguments) throws(SyntaxError) {}

  public static let declaration = CommandDeclaration(
    Self.self, "reset", strangers: ["restart", "new"], group: .building, effect: .changes,
    summary: "removes everything and sets the clock to zero",
    details: ["`undo` brings it all back."], examples: ["scene two-homes", "reset"],
    seeAlso: ["remove", "scene", "undo"])
}

/// `scene NAME` · `scene`
public struct SceneCommand: Command {
  /// Nil lists the scenes.
  public let scene: Located<String>?

  public init(_ arguments: Arguments) throws(SyntaxError) { scene = arguments.optionalText("SCENE") }

  public var effect: CommandDeclaration.Effect { scene == nil ? .looks : .changes }

  public static let declaration = CommandDeclaration(
    Self.self, "scene", aliases: ["scenes"], strangers: ["demo", "example", "examples"], group: .building,
    effect: .changes,
    forms: [[], [.required("SCENE", .scene)]],
    summary: "loads a ready-made network, or lists them all",
    details: [
      "A scene replaces the present network; `undo` brings that back. `scene` alone lists the scenes.",
      "`direct`: Alice and Bob, both public. `one-home`: Alice behind a router, Bob outside. `two-homes`: each behind "
        + "a router of their own. `same-lan`: both behind one. `smart-home`: a laptop, a phone and a TV behind one "
        + "router, and Mallory outside. `cgnat`: a home router behind a provider's. `google`: Alice behind her router, "
        + "google.com outside.",
    ],
    examples: ["scene", "scene two-homes"], seeAlso: ["show", "map", "start"])
}

/// `set NAME PROPERTY VALUE…`
public struct SetCommand: Command {
  public let device: Located<NamedDevice>
  public let property: Located<Property>
  public let value: Located<PropertyValue>

  public init(_ arguments: Arguments) throws(SyntaxError) {
    device = try arguments.device("NAME")
    property = try arguments.property("PROPERTY")
    value = try arguments.values("VALUE")
  }

  public static let declaration = CommandDeclaration(
    Self.self, "set", strangers: ["config", "configure", "change", "let"], group: .building, effect: .changes,
    forms: [
      [
        .required("NAME", .device(.devices)), .required("PROPERTY", .property(of: "NAME")),
        .rest("VALUE", .propertyValue(of: "PROPERTY")),
      ]
    ],
    summary: "changes a property of a device",
    details: [
      "The network goes on running. `filtering` and `firewall` apply at once, to old rows too; most others apply to "
        + "rows made from then on; `nat` and `preset` empty the table.",
      "`ports` of a router is how it chooses outside ports; `ports` of a host says which ports accept packets.",
      "`help PROPERTY` explains one property, `show NAME` shows those of a device.",
    ],
    examples: [
      "router home-a", "host bob", "set home-a filtering endpoint-independent", "set home-a ports random 20000 30000",
      "set home-a udp-timeout 30s", "set bob loss 5%",
    ],
    seeAlso: ["show", "presets", "mapping", "filtering", "ports"])
}

/// `show [NAME]`
public struct ShowCommand: Command {
  public let device: Located<NamedDevice>?

  public init(_ arguments: Arguments) throws(SyntaxError) { device = arguments.optionalDevice("NAME") }

  public static let declaration = CommandDeclaration(
    Self.self, "show", strangers: ["ls", "list", "devices", "get", "info", "ip", "ifconfig", "ipconfig"],
    group: .building, effect: .looks, forms: [[.optional("NAME", .device(.devices))]],
    summary: "shows a device and its settings, or all devices",
    details: ["A setting that differs from a new device's is marked."],
    examples: ["scene two-homes", "show", "show alice"], seeAlso: ["set", "map", "table"])
}
