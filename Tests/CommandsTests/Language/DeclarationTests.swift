// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Commands

@Suite struct DeclarationTests {
  /// The devices of the scenes that examples use.
  private static let scenes: [String: FakeNames] = [
    "direct": FakeNames(hosts: ["alice", "bob"]), "one-home": FakeNames(routers: ["home-a"], hosts: ["alice", "bob"]),
    "two-homes": .home,
  ]

  @Test(arguments: Catalog.standardDeclarations)
  func examplesParseOneAfterAnother(declaration: CommandDeclaration) throws {
    var names = FakeNames.empty
    var isShown = false
    for line in declaration.examples {
      let command = try parse(line, in: names)
      isShown = isShown || type(of: command).declaration.name == declaration.name
      switch command {
      case let router as RouterCommand: names.devices.append(NamedDevice(name: router.name.value, kind: .router))
      case let host as HostCommand: names.devices.append(NamedDevice(name: host.name.value, kind: .host))
      case let scene as SceneCommand:
        if let name = scene.scene { names = try #require(Self.scenes[name.value]) }
      default: break
      }
    }
    #expect(isShown, "no example shows \(declaration.name)")
  }

  @Test(arguments: Catalog.standardDeclarations)
  func seeAlsoLeadsSomewhere(declaration: CommandDeclaration) throws {
    for subject in declaration.seeAlso {
      #expect(throws: Never.self) { try Catalog.standard.help(subject) }
      #expect(subject != declaration.name)
    }
  }

  @Test func eachWordBelongsToOneCommand() {
    let words = Catalog.standardDeclarations.flatMap { [$0.name] + $0.aliases }
    #expect(Set(words).count == words.count)
    for declaration in Catalog.standardDeclarations {
      for stranger in declaration.strangers {
        #expect(Catalog.standard.declaration(named: stranger) == nil, "\(stranger)")
      }
      #expect(!declaration.summary.hasSuffix("."))
    }
  }

  @Test(arguments: [
    ("router", ["router NAME [ADDRESS] [lan PREFIX] [behind ROUTER] [beside ROUTER] [preset PRESET]"]),
    ("host", ["host NAME [ADDRESS] [behind ROUTER] [ipv4-only|ipv6-only]"]), ("set", ["set NAME PROPERTY VALUE…"]),
    ("scene", ["scene", "scene SCENE"]),
    ("send", ["send FROM TO [udp|tcp|icmp] [TEXT] [ttl N] [df]"]),
    (
      "forward",
      [
        "forward ROUTER all to HOST", "forward ROUTER address OUTSIDE to HOST",
        "forward ROUTER [udp|tcp] PORT to ENDPOINT",
      ]
    ),
    ("run", ["run", "run for DURATION"]), ("table", ["table [ROUTER] [--as FORM]"]), ("map", ["map"]),
  ])
  func usageComesFromTheForms(name: String, usage: [String]) {
    #expect(Catalog.standard.declaration(named: name)?.usage == usage)
  }
}
