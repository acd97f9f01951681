// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import WireFormat
import Wording

/// How routers answer requests for a port: PCP and NAT-PMP here, UPnP beside it.
struct PortControlServer: RouterProgram {
  /// Mappings for longer are not given, nor for less (RFC 6887 §15).
  static let lifetimes: ClosedRange<UInt32> = 120...86_400
  /// How long a refusal holds, in seconds (RFC 6887 §7.4).
  static let refusalLifetime: UInt32 = 30

  func answers(_ transport: TransportProtocol, port: UInt16, speaking setting: PortControlSetting) -> Bool {
    switch (transport, port) {
    case (.udp, PortControl.serverPort): setting.speaks(.pcp) || setting.speaks(.natPMP)
    case (.udp, UPnP.discoveryPort), (.tcp, UPnP.controlPort): setting.speaks(.upnp)
    default: false
    }
  }

  func receive(_ delivery: Delivery, _ router: inout RouterContext) {
    guard let bytes = delivery.bytes, let version = bytes.first else { return }
    if delivery.local.port != PortControl.serverPort { return receiveUPnP(bytes, delivery, &router) }
    let answer: [UInt8]?
    if version == NATPMP.version {
      answer = answerNATPMP(bytes, delivery.remote, &router)
    } else if router.setting.speaks(.pcp) {
      answer = answerPCP(bytes, delivery.remote, &router)
    } else {
      answer = NATPMP.refusal(of: bytes[...], epoch: router.epoch)?.encoded()
    }
    if let answer { router.send(Payload(bytes: answer), from: delivery.local, to: delivery.remote) }
  }

  // MARK: NAT-PMP

  private func answerNATPMP(_ bytes: [UInt8], _ client: Endpoint, _ router: inout RouterContext) -> [UInt8]? {
    guard router.setting.speaks(.natPMP) else {
      return NATPMP.Response(.unsupportedVersion, epoch: router.epoch, .none).encoded()
    }
    switch NATPMP.Request(decoding: bytes[...]) {
    case .externalAddress:
      let address = router.addresses.first(where: \.isIPv4) ?? IPAddress(ipv4: 0)
      return NATPMP.Response(.success, epoch: router.epoch, .externalAddress(address)).encoded()
    case .map(let transport, let port, let suggested, let lifetime):
      return map(transport, Endpoint(client.address, port), suggested, lifetime, &router).encoded()
    case nil: return NATPMP.refusal(of: bytes[...], epoch: router.epoch)?.encoded()
    }
  }

  private func map(
    _ transport: TransportProtocol, _ inside: Endpoint, _ suggested: UInt16, _ lifetime: UInt32,
    _ router: inout RouterContext
  ) -> NATPMP.Response {
    func respond(_ result: NATPMP.ResultCode, _ external: UInt16, _ lifetime: UInt32) -> NATPMP.Response {
      NATPMP.Response(
        result, epoch: router.epoch,
        .map(transport, internalPort: inside.port, externalPort: external, lifetime: lifetime))
    }
    func refuse(_ code: NATPMP.ResultCode) {
      self.refuse("\(code.rawValue) (\(code.phrase))", inside, .natPMP, &router)
    }
    let token: [UInt8] = [NATPMP.version]
    guard lifetime > 0 else {
      // Port 0 gives up all of the host's (RFC 6886 §3.4).
      let ended = router.nat.portLeases.filter {
        $0.transport == transport && $0.inside.address == inside.address && $0.token == token
          && (inside.port == 0 || $0.inside.port == inside.port)
      }
      for lease in ended { release(transport, lease.inside, token, .natPMP, &router) }
      let isLeft = router.nat.hasStaticMapping(transport, to: inside)
      if isLeft { refuse(.notAuthorized) }
      return respond(isLeft ? .notAuthorized : .success, 0, 0)
    }
    do throws(PortLeaseError) {
      let granted = min(lifetime, Self.lifetimes.upperBound)
      let external = try grant(
        transport, inside, suggested: suggested, isFixed: false, token: token, lifetime: granted, .natPMP, &router)
      return respond(.success, external.port, granted)
    } catch {
      let code: NATPMP.ResultCode =
        switch error {
        case .noMore, .noMoreForHost, .portTaken: .outOfResources
        case .notTheirs: .notAuthorized
        case .noExternalAddress: .networkFailure
        }
      refuse(code)
      return respond(code, 0, 0)
    }
  }

  // MARK: PCP

  private func answerPCP(_ bytes: [UInt8], _ client: Endpoint, _ router: inout RouterContext) -> [UInt8]? {
    do throws(PCPRequestError) {
      let request = try PCP.Request(decoding: bytes[...])
      let (result, lifetime, operation) = answer(request, client, &router)
      if result != .success {
        refuse("\(result.rawValue) (\(result.phrase))", client, .pcp, &router)
      }
      return PCP.Response(result, lifetime: lifetime, epoch: router.epoch, operation).encoded()
    } catch {
      guard case .refused(let result) = error else { return nil }
      refuse("\(result.rawValue) (\(result.phrase))", client, .pcp, &router)
      return PCP.refusal(of: bytes[...], result, lifetime: Self.refusalLifetime, epoch: router.epoch)
    }
  }

  private func answer(
    _ request: PCP.Request, _ client: Endpoint, _ router: inout RouterContext
  ) -> (PCP.ResultCode, lifetime: UInt32, PCP.Operation) {
    func refuse(_ code: PCP.ResultCode) -> (PCP.ResultCode, lifetime: UInt32, PCP.Operation) {
      (code, Self.refusalLifetime, request.operation)
    }
    // A NAT in between shows by it (RFC 6887 §8.3).
    guard request.client == client.address else { return refuse(.addressMismatch) }
    guard case .map(var mapping) = request.operation else { return (.success, 0, request.operation) }
    guard request.options.allSatisfy({ !$0.isRequired || $0.code == PCP.Option.preferFailure.code }) else {
      return refuse(.unsupportedOption)
    }
    guard let transport = mapping.transport, mapping.internalPort > 0 else { return refuse(.unsupportedProtocol) }
    let inside = Endpoint(client.address, mapping.internalPort)
    let token = mapping.nonce.bytes
    guard request.lifetime > 0 else {
      let isTheirs = router.nat.portLeases.allSatisfy {
        $0.transport != transport || $0.inside != inside || $0.token == token
      }
      guard isTheirs else { return refuse(.notAuthorized) }
      release(transport, inside, token, .pcp, &router)
      guard !router.nat.hasStaticMapping(transport, to: inside) else { return refuse(.notAuthorized) }
      return (.success, 0, request.operation)
    }
    do throws(PortLeaseError) {
      let lifetime = min(max(request.lifetime, Self.lifetimes.lowerBound), Self.lifetimes.upperBound)
      mapping.external = try grant(
        transport, inside, suggested: mapping.external.port,
        isFixed: request.options.contains(.preferFailure), token: token, lifetime: lifetime, .pcp, &router)
      return (.success, lifetime, .map(mapping))
    } catch {
      switch error {
      case .noMoreForHost: return refuse(.userExceededQuota)
      case .noMore: return refuse(.noResources)
      case .portTaken: return refuse(.cannotProvideExternal)
      case .notTheirs: return refuse(.notAuthorized)
      case .noExternalAddress: return refuse(.networkFailure)
      }
    }
  }
}

/// The parts that all dialects have in common.
extension PortControlServer {
  /// Gives a lease; one for 0 s is for good, as UPnP has it.
  func grant(
    _ transport: TransportProtocol, _ inside: Endpoint, suggested: UInt16, isFixed: Bool, token: [UInt8],
    lifetime: UInt32, _ dialect: PortControlSetting.Dialect, _ router: inout RouterContext
  ) throws(PortLeaseError) -> Endpoint {
    if router.setting.lies {
      let address = inside.address.isIPv4 ? router.addresses.first(where: \.isIPv4) : inside.address
      guard let address else { throw .noExternalAddress }
      return Endpoint(address, suggested == 0 ? inside.port : suggested)
    }
    let end = lifetime == 0 ? Instant.never : router.now + .seconds(Int64(lifetime))
    let lease = try router.nat.lease(
      transport, to: inside, suggested: suggested, isFixed: isFixed, token: token,
      keepsCompanion: dialect == .natPMP, until: end, at: router.now)
    let external = router.nat.shownOutside(lease.external)
    router.tell(
      "granted",
      [
        "internal": .endpoint(inside), "external": .endpoint(external), "lifetime_s": .number(Int(lifetime)),
        "transport": .text(transport.name), "with": .text(dialect.rawValue),
      ])
    return external
  }

  func release(
    _ transport: TransportProtocol, _ inside: Endpoint, _ token: [UInt8], _ dialect: PortControlSetting.Dialect,
    _ router: inout RouterContext
  ) {
    guard router.nat.endLease(transport, to: inside, token: token, at: router.now) else { return }
    router.tell(
      "released",
      ["internal": .endpoint(inside), "transport": .text(transport.name), "with": .text(dialect.rawValue)])
  }

  func refuse(
    _ code: String, _ client: Endpoint, _ dialect: PortControlSetting.Dialect, _ router: inout RouterContext
  ) {
    router.tell("refused", ["code": .text(code), "client": .endpoint(client), "with": .text(dialect.rawValue)])
  }

  static let description = ProgramDescription(
    Network.routerProgramName, summary: said("answers hosts that ask their router for a port"),
    events: [
      "granted": ["internal", "external", "lifetime_s", "transport", "with"],
      "released": ["internal", "transport", "with"], "refused": ["code", "client", "with"],
    ]
  ) { event in
    func value(_ key: String) -> String { event.data[key]?.text ?? "" }
    switch event.event {
    case "granted":
      let time = value("lifetime_s") == "0" ? said("until it is given up") : said("for \(value("lifetime_s")) s")
      return value("internal") == value("external")
        ? said("lets anybody send to \(value("internal")) \(time), as asked by \(value("with"))")
        : said("maps \(value("external")) to \(value("internal")) \(time), as asked by \(value("with"))")
    case "released": return said("takes the mapping of \(value("internal")) back, as asked by \(value("with"))")
    case "refused": return said("refuses what \(value("client")) asks by \(value("with")): \(value("code"))")
    default: return nil
    }
  }
}
