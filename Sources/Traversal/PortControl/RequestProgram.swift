// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// Asks a host's router for a port, once: nobody renews what is granted.
struct RequestProgram: HostProgram {
  /// The mapping that is asked for.
  struct Wish: Hashable, Sendable {
    var transport: TransportProtocol
    var port: UInt16
    /// The outside port; the same as inside unless another is wanted.
    var outside: UInt16
    /// Seconds; 0 gives up what was granted.
    var lifetime: UInt32
  }

  enum Alarm: Int { case again }

  let wish: Wish
  /// The router's and the host's own address on their network.
  let router: IPAddress
  let address: IPAddress
  /// The dialects that are still to be tried; the first is the one that is spoken.
  var dialects: [PortControlSetting.Dialect]
  private(set) var port: UInt16?
  private(set) var state = "asking"
  private var transaction: STUNTransaction?
  private let nonce: PCP.Nonce
  /// The outside address, which NAT-PMP and UPnP tell separately from the mapping.
  var external: IPAddress?
  /// Where UPnP is controlled, and the connection that is open.
  var control: (endpoint: Endpoint, path: String)?
  var connection: Endpoint?
  var stage = Stage.search

  /// The step that UPnP is at.
  enum Stage: Hashable, Sendable { case search, description, address, mapping }

  init(
    _ wish: Wish, of address: IPAddress, at router: IPAddress, with dialects: [PortControlSetting.Dialect],
    nonce: PCP.Nonce
  ) {
    self.nonce = nonce
    self.wish = wish
    self.router = router
    self.address = address
    self.dialects = dialects
  }

  var name: String { "request" }
  var dialect: PortControlSetting.Dialect { dialects.first ?? .pcp }

  mutating func start(_ host: inout ProgramContext) throws(HostError) {
    port = try host.open(.udp)
    begin(&host)
  }

  // MARK: Asking

  private mutating func begin(_ host: inout ProgramContext) {
    switch dialect {
    case .pcp:
      let mapping = PCP.Mapping(
        nonce: nonce, transport: wish.transport, internalPort: wish.port,
        external: Endpoint(address.isIPv4 ? IPAddress(ipv4: 0) : address, wish.outside))
      let request = PCP.Request(lifetime: wish.lifetime, client: address, .map(mapping))
      ask(request.encoded(), at: Endpoint(router, PortControl.serverPort), PCP.retransmission, &host)
    case .natPMP: askNATPMP(.externalAddress, &host)
    case .upnp:
      stage = .search
      ask(
        UPnP.search().encoded(), at: Endpoint(UPnP.discoveryAddress, UPnP.discoveryPort),
        Retransmission(initial: .seconds(1), most: 3, patience: .seconds(2)), &host)
    }
  }

  private mutating func askNATPMP(_ request: NATPMP.Request, _ host: inout ProgramContext) {
    ask(request.encoded(), at: Endpoint(router, PortControl.serverPort), .natPMP, &host)
  }

  mutating func ask(
    _ bytes: [UInt8], at server: Endpoint, _ schedule: Retransmission, _ host: inout ProgramContext
  ) {
    transaction = STUNTransaction(
      STUNMessage.TransactionID(using: &host.generator), request: bytes, to: server, at: host.now, schedule: schedule)
    wake(Alarm.again.rawValue, &host)
  }

  mutating func wake(_ timer: Int, _ host: inout ProgramContext) {
    guard var current = transaction, let port else {
      // A connection that brought nothing.
      if state == "asking" { giveUp(said("no answer"), &host) }
      return
    }
    let step = current.wake(at: host.now)
    transaction = current
    switch step {
    case .send(let bytes, let server):
      host.send(Payload(bytes: bytes), from: port, to: server, timeToLive: server.address == router ? 64 : 2)
      host.setTimer(timer, after: current.due - host.now, .pressing)
    case .wait: host.setTimer(timer, after: current.due - host.now, .pressing)
    case .timedOut: giveUp(said("no answer"), &host)
    }
  }

  /// Waits for what a connection brings; TCP does not repeat anything here.
  mutating func awaitConnection(_ host: inout ProgramContext) {
    transaction = nil
    host.setTimer(Alarm.again.rawValue, after: .seconds(5), .pressing)
  }

  /// The router does not speak this dialect: the next one is tried.
  mutating func giveUp(_ reason: String, _ host: inout ProgramContext) {
    host.cancelTimer(Alarm.again.rawValue)
    transaction = nil
    guard dialects.count > 1 else {
      host.tell("failed", ["reason": .text(reason), "with": .text(dialect.rawValue)])
      return end("failed", &host)
    }
    host.tell("silent", ["reason": .text(reason), "with": .text(dialect.rawValue)])
    dialects.removeFirst()
    begin(&host)
  }

  // MARK: Hearing

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    switch delivery.content {
    case .error(let kind, _, _) where kind.isHardError && delivery.transport == .udp:
      giveUp(said("nobody listens there"), &host)
    case .datagram(let payload):
      guard let bytes = payload.bytes else { return }
      switch dialect {
      case .pcp where delivery.remote.address == router: hearPCP(bytes, &host)
      case .natPMP where delivery.remote.address == router: hearNATPMP(bytes, &host)
      case .upnp: hearDiscovery(bytes, &host)
      default: return
      }
    default: hearConnection(delivery, &host)
    }
  }

  private mutating func hearPCP(_ bytes: [UInt8], _ host: inout ProgramContext) {
    if let answer = NATPMP.Response(decoding: bytes[...]), answer.result == .unsupportedVersion {
      return giveUp(said("it speaks NAT-PMP and not PCP"), &host)
    }
    guard let answer = PCP.Response(decoding: bytes[...]), case .map(let mapping) = answer.operation,
      mapping.nonce == nonce, mapping.internalPort == wish.port, mapping.transport == wish.transport
    else { return }
    guard answer.result == .success else {
      return refused(Int(answer.result.rawValue), answer.result.phrase, &host)
    }
    granted(mapping.external, answer.lifetime, &host)
  }

  private mutating func hearNATPMP(_ bytes: [UInt8], _ host: inout ProgramContext) {
    guard let answer = NATPMP.Response(decoding: bytes[...]) else { return }
    if answer.result == .unsupportedVersion { return giveUp(said("it speaks PCP and not NAT-PMP"), &host) }
    guard answer.result == .success else {
      return refused(Int(answer.result.rawValue), answer.result.phrase, &host)
    }
    switch answer.content {
    case .externalAddress(let address) where external == nil:
      external = address
      askNATPMP(
        .map(
          wish.transport, internalPort: wish.port, suggestedExternalPort: wish.lifetime == 0 ? 0 : wish.outside,
          lifetime: wish.lifetime), &host)
    case .map(wish.transport, wish.port, let outside, let lifetime):
      if let external { granted(Endpoint(external, outside), lifetime, &host) }
    case .externalAddress, .map, .none, .returned: return
    }
  }

  // MARK: The end

  mutating func granted(_ external: Endpoint, _ lifetime: UInt32, _ host: inout ProgramContext) {
    if isGivingUp {
      host.tell("released", ["internal": .endpoint(Endpoint(address, wish.port)), "with": .text(dialect.rawValue)])
      return end("released", &host)
    }
    host.tell(
      "granted",
      [
        "external": .endpoint(external), "lifetime_s": .number(Int(lifetime)),
        "internal": .endpoint(Endpoint(address, wish.port)),
        "public": .flag(external.address.scope.isRoutedOnInternet), "with": .text(dialect.rawValue),
      ])
    end("granted", &host)
  }

  /// Whether what was granted before is to be given up.
  var isGivingUp: Bool { wish.lifetime == 0 }

  mutating func refused(_ code: Int, _ reason: String, _ host: inout ProgramContext) {
    host.tell(
      "refused", ["code": .number(code), "reason": .text(reason), "with": .text(dialect.rawValue)])
    end("refused", &host)
  }

  private mutating func end(_ state: String, _ host: inout ProgramContext) {
    self.state = state
    host.finish()
  }
}
