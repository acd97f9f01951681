// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import NetworkSimulator

/// A router's Internet Gateway Device: found by SSDP, described and controlled by HTTP.
extension PortControlServer {
  func receiveUPnP(_ bytes: [UInt8], _ delivery: Delivery, _ router: inout RouterContext) {
    guard let message = HTTPMessage(decoding: bytes[...]),
      let inside = router.insideAddresses.first(where: { $0.isIPv4 })
    else { return }
    if delivery.transport == .udp {
      guard UPnP.isSearch(message) else { return }
      router.send(
        Payload(bytes: UPnP.found(at: inside).encoded()), from: Endpoint(inside, UPnP.discoveryPort),
        to: delivery.remote)
      return
    }
    let answer: HTTPMessage
    switch (message.method, message.path) {
    case ("GET", UPnP.descriptionPath): answer = UPnP.description(name: router.name, at: inside)
    case ("GET", UPnP.actionsPath): answer = UPnP.actions
    case ("POST", UPnP.controlPath):
      answer = UPnP.answer(
        SOAPMessage(in: message.body).map { carryOut($0, for: delivery.remote, &router) } ?? .fault(.invalidAction))
    default: answer = HTTPMessage("HTTP/1.1 404 Not Found", [.init("Connection", "close")])
    }
    router.answer(Payload(bytes: answer.encoded()), from: delivery.local, to: delivery.remote)
  }

  private static let token: [UInt8] = Array("upnp".utf8)

  private func carryOut(
    _ action: SOAPMessage, for client: Endpoint, _ router: inout RouterContext
  ) -> SOAPMessage {
    func fault(_ code: UPnP.ErrorCode) -> SOAPMessage {
      refuse("\(code.rawValue) (\(code.phrase))", client, .upnp, &router)
      return .fault(code)
    }
    switch action.name {
    case "GetExternalIPAddress":
      let address = router.addresses.first(where: \.isIPv4).map { "\($0)" } ?? ""
      return SOAPMessage("GetExternalIPAddressResponse", [.init("NewExternalIPAddress", address)])
    case "AddPortMapping":
      guard let mapping = UPnP.PortMapping(action), mapping.externalPort > 0, mapping.inside.port > 0 else {
        return fault(.invalidArguments)
      }
      // A host asks for itself only.
      guard mapping.inside.address == client.address else { return fault(.notAuthorized) }
      do throws(PortLeaseError) {
        _ = try grant(
          mapping.transport, mapping.inside, suggested: mapping.externalPort, isFixed: true, token: Self.token,
          lifetime: mapping.lease, .upnp, &router)
        return SOAPMessage("AddPortMappingResponse", [])
      } catch {
        switch error {
        case .portTaken, .notTheirs: return fault(.conflict)
        case .noMore, .noMoreForHost, .noExternalAddress: return fault(.actionFailed)
        }
      }
    case "DeletePortMapping":
      let lease = router.nat.portLeases.first {
        "\($0.external.port)" == action["NewExternalPort"] && $0.token == Self.token
          && $0.transport.name.uppercased() == action["NewProtocol"] && $0.inside.address == client.address
      }
      guard let lease else { return fault(.noSuchEntry) }
      release(lease.transport, lease.inside, Self.token, .upnp, &router)
      return SOAPMessage("DeletePortMappingResponse", [])
    default: return fault(.invalidAction)
    }
  }
}
