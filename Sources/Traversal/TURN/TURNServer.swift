// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// A TURN server: it lends endpoints of its own to those who cannot be reached, and carries all their data (RFC 8656).
struct TURNServer: HostProgram {
  let port: UInt16?
  private var service: TURNService?
  private var nextExpiry: Instant?
  /// The clients' data that crossed the host's link.
  private(set) var load = ServerLoad()
  /// The data among it: the ends' checks of the way are nobody's call.
  private var flow = RelayedFlow()

  /// The password of everybody; the simulator has nothing to protect.
  static let password = "natsh"
  static let realm = "natsh"

  init(port: UInt16?) { self.port = port }

  var name: String { "turn-server" }
  var state: String { "serving" }

  mutating func start(_ host: inout ProgramContext) throws(HostError) {
    try host.open(.udp, port ?? STUNMessage.standardPort)
    var authenticator = LongTermAuthenticator(realm: Self.realm, passwords: [:], using: &host.generator)
    authenticator.guestPassword = Self.password
    service = TURNService(authenticator: authenticator)
  }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    guard case .datagram(let payload) = delivery.content, let bytes = payload.bytes, var service else { return }
    // While it is changed it has one owner, so nothing of it is copied.
    self.service = nil
    let actions: [TURNService.Action]
    if delivery.local.port == port ?? STUNMessage.standardPort {
      if let answer = binding(bytes, delivery) {
        self.service = service
        host.send(Payload(bytes: answer), from: delivery.local, to: delivery.remote)
        return
      }
      var generator = host.generator
      actions = service.receive(
        bytes, from: delivery.remote, to: delivery.local, lending: host.addresses, at: host.now, using: &generator,
        taking: { (try? host.open(.udp, $0)) != nil })
      host.generator = generator
    } else {
      actions = service.receive(
        bytes, fromPeer: delivery.remote, atPort: delivery.local.port, at: host.now, using: &host.generator)
    }
    self.service = service
    carryOut(actions, from: delivery.remote, &host)
    // An allocation's end changes only with a note about it.
    if actions.contains(where: { if case .note = $0 { true } else { false } }) { watchExpiry(&host) }
  }

  /// A Binding request is answered as a STUN server answers it.
  private func binding(_ bytes: [UInt8], _ delivery: Delivery) -> [UInt8]? {
    guard bytes.count >= 20, bytes[0] == 0, bytes[1] == 1, let request = try? STUNMessage(decoding: bytes[...]) else {
      return nil
    }
    let service = BindingService(primary: delivery.local)
    return service.answer(request, from: delivery.remote, to: delivery.local)?.message.encoded()
  }

  mutating func wake(_ timer: Int, _ host: inout ProgramContext) {
    let actions = service?.expire(at: host.now) ?? []
    carryOut(actions, from: nil, &host)
    nextExpiry = nil
    watchExpiry(&host)
  }

  private mutating func watchExpiry(_ host: inout ProgramContext) {
    guard let expiry = service?.nextExpiry, expiry != nextExpiry else { return }
    nextExpiry = expiry
    host.setTimer(0, after: expiry - host.now, .standing)
  }

  private mutating func carryOut(
    _ actions: [TURNService.Action], from sender: Endpoint?, _ host: inout ProgramContext
  ) {
    let cameOverLink = sender.map { !host.has($0.address) } ?? false
    for action in actions {
      if let data = action.relayed, let destination = action.destination {
        let goesOverLink = !host.has(destination.address)
        if cameOverLink { load.incoming.count(data.count, at: host.now) }
        if goesOverLink { load.outgoing.count(data.count, at: host.now) }
        if !STUNMessage.begins(data) {
          flow.count(
            incoming: cameOverLink ? data.count : 0, outgoing: goesOverLink ? data.count : 0, at: host.now)
        }
      }
      switch action {
      case .toClient(let bytes, let source, let destination):
        host.send(Payload(bytes: bytes), from: source, to: destination)
      case .toPeer(let bytes, let source, let destination, let dontFragment):
        host.send(Payload(bytes: bytes), from: source, to: destination, dontFragment: dontFragment)
      case .close(let port): host.close(.udp, port)
      case .note(let note): tell(note, &host)
      }
    }
  }

  private func tell(_ note: TURNService.Note, _ host: inout ProgramContext) {
    switch note {
    case .allocated(let client, let relayed, let lifetime):
      host.tell(
        "allocated",
        [
          "client": .endpoint(client), "relayed": .endpoint(relayed),
          "lifetime_s": .number(Int(lifetime.microseconds / 1_000_000)),
        ])
    case .refreshed(let client, let lifetime):
      host.tell(
        "refreshed",
        ["client": .endpoint(client), "lifetime_s": .number(Int(lifetime.microseconds / 1_000_000))])
    case .deleted(let client, let relayed):
      host.tell("deleted", ["client": .endpoint(client), "relayed": .endpoint(relayed)])
    case .expired(let client, let relayed):
      host.tell("expired", ["client": .endpoint(client), "relayed": .endpoint(relayed)])
    case .permission(let client, let peer):
      host.tell("permission", ["client": .endpoint(client), "peer": .address(peer)])
    case .channel(let client, let peer, let number):
      host.tell(
        "channel", ["client": .endpoint(client), "peer": .endpoint(peer), "channel": .number(Int(number))])
    case .refused(let client, let code, let method):
      host.tell(
        "refused",
        [
          "code": .number(Int(code.rawValue)), "client": .endpoint(client), "method": .text(method.name),
          "reason": .text(code.phrase),
        ])
    case .discarded(let client, let peer):
      host.tell("discarded", ["client": .endpoint(client), "peer": .endpoint(peer)])
    case .unwanted(let peer, let relayed):
      host.tell("unwanted", ["peer": .endpoint(peer), "relayed": .endpoint(relayed)])
    }
  }
}

extension TURNService.Action {
  /// A client's or a peer's data that it passes on; nil if it passes none on.
  fileprivate var relayed: ArraySlice<UInt8>? {
    switch self {
    case .toPeer(let bytes, _, _, _): return bytes[...]
    case .toClient(let bytes, _, _):
      if let (_, data) = ChannelData.parts(of: bytes[...]) { return data }
      // A Data indication (RFC 8656 §17).
      guard bytes.count > 1, bytes[0] == 0, bytes[1] == 0x17 else { return nil }
      return (try? STUNMessage(decoding: bytes[...]))?.data?[...]
    case .close, .note: return nil
    }
  }

  fileprivate var destination: Endpoint? {
    switch self {
    case .toPeer(_, _, let destination, _), .toClient(_, _, let destination): destination
    case .close, .note: nil
    }
  }
}

extension TURNServer {
  var carried: CarriedTraffic? {
    guard load.incoming.first != nil else { return nil }
    return CarriedTraffic(
      total: CarriedTraffic.Bytes(incoming: load.incoming.bits / 8, outgoing: load.outgoing.bits / 8),
      streamed: flow.bytes, streamedFor: flow.length)
  }

  static let service = Service(
    "turn", port: STUNMessage.standardPort,
    ProgramDescription(
      "turn-server", summary: said("lends its own endpoints to hosts, and carries their data (RFC 8656)"),
      events: [
        "allocated": ["client", "relayed", "lifetime_s"], "refreshed": ["client", "lifetime_s"],
        "deleted": ["client", "relayed"], "expired": ["client", "relayed"], "permission": ["client", "peer"],
        "channel": ["client", "peer", "channel"], "refused": ["code", "client", "method", "reason"],
        "discarded": ["client", "peer"], "unwanted": ["peer", "relayed"],
      ]
    ) { event in
      func value(_ key: String) -> String { event.data[key]?.text ?? "" }
      switch event.event {
      case "allocated": return said("lends \(value("relayed")) to \(value("client")) for \(value("lifetime_s")) s")
      case "refreshed": return said("extends the loan to \(value("client")) by \(value("lifetime_s")) s")
      case "deleted": return said("takes \(value("relayed")) back: \(value("client")) has released it")
      case "expired": return said("takes \(value("relayed")) back: \(value("client")) has not refreshed it")
      case "permission": return said("lets \(value("peer")) send to \(value("client"))")
      case "channel": return said("calls \(value("peer")) channel \(value("channel")) for \(value("client"))")
      case "refused":
        return said("refuses \(value("client"))'s \(value("method")) request: \(value("code")) \(value("reason"))")
      case "discarded":
        return said("discards data from \(value("client")) to \(value("peer")): there is no permission for it")
      case "unwanted":
        return said("discards data from \(value("peer")) to \(value("relayed")): there is no permission for it")
      default: return nil
      }
    }
  ) { TURNServer(port: $0.port) }
}
