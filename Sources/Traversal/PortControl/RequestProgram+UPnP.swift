// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// Asking by UPnP: a search, the description, and two calls, each on a connection of its own.
extension RequestProgram {
  mutating func hearDiscovery(_ bytes: [UInt8], _ host: inout ProgramContext) {
    guard stage == .search, let answer = HTTPMessage(decoding: bytes[...]), answer.status == 200,
      let location = answer["LOCATION"], location.hasPrefix("http://")
    else { return }
    let rest = location.dropFirst("http://".count)
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    guard let endpoint = Endpoint(String(rest[..<slash])), endpoint.address == router else { return }
    host.tell("found", ["location": .text(location)])
    control = (endpoint, String(rest[slash...]))
    go(to: .description, &host)
  }

  private mutating func go(to next: Stage, _ host: inout ProgramContext) {
    stage = next
    awaitConnection(&host)
    guard let control else { return }
    do throws(HostError) {
      connection = try host.connect(to: control.endpoint)
    } catch {
      giveUp(said("it cannot be connected to"), &host)
    }
  }

  mutating func hearConnection(_ delivery: Delivery, _ host: inout ProgramContext) {
    guard dialect == .upnp, let control, delivery.local == connection, delivery.remote == control.endpoint else {
      return
    }
    switch delivery.content {
    case .opened:
      if let request { host.sendData(Payload(bytes: request.encoded()), from: delivery.local, to: delivery.remote) }
    case .data(let payload):
      guard let answer = payload.bytes.flatMap({ HTTPMessage(decoding: $0[...]) }) else { return }
      take(answer, &host)
    case .reset: giveUp(said("nobody listens there"), &host)
    case .closed, .datagram, .error: return
    }
  }

  private var mapping: UPnP.PortMapping {
    UPnP.PortMapping(
      wish.transport, externalPort: wish.outside, to: Endpoint(address, wish.port), lease: wish.lifetime,
      label: "natsh")
  }

  private var request: HTTPMessage? {
    guard let control else { return nil }
    switch stage {
    case .search: return nil
    case .description: return UPnP.descriptionRequest(to: control.endpoint)
    case .address: return UPnP.call(UPnP.externalAddressAction, at: control.path, of: control.endpoint)
    case .mapping:
      return UPnP.call(isGivingUp ? mapping.deletion : mapping.action, at: control.path, of: control.endpoint)
    }
  }

  private mutating func take(_ answer: HTTPMessage, _ host: inout ProgramContext) {
    if stage == .description {
      guard answer.status == 200, let path = UPnP.controlPath(in: answer) else {
        return giveUp(said("it describes nothing that can be asked for a port"), &host)
      }
      control?.path = path
      return go(to: .address, &host)
    }
    guard let message = SOAPMessage(in: answer.body) else { return giveUp(said("its answer cannot be read"), &host) }
    if let code = message.errorCode { return refused(Int(code.rawValue), code.phrase, &host) }
    if stage == .address {
      external = message["NewExternalIPAddress"].flatMap { IPAddress($0) }
      return go(to: .mapping, &host)
    }
    host.cancelTimer(Alarm.again.rawValue)
    guard let external else { return giveUp(said("it has no outside address"), &host) }
    granted(Endpoint(external, wish.outside), wish.lifetime, &host)
  }
}

extension RequestProgram {
  /// Its events in words.
  static let description = ProgramDescription(
    "request", summary: said("asks the host's router for a port"),
    events: [
      "found": ["location"], "silent": ["reason", "with"],
      "granted": ["external", "lifetime_s", "internal", "public", "with"], "released": ["internal", "with"],
      "refused": ["code", "reason", "with"], "failed": ["reason", "with"],
    ]
  ) { event in
    func value(_ key: String) -> String { event.data[key]?.text ?? "" }
    switch event.event {
    case "found": return said("has found the router: \(value("location"))")
    case "silent": return said("gets nowhere with \(value("with")): \(value("reason"))")
    case "granted":
      let what = said("is told that it has \(value("external")) for \(value("lifetime_s")) s")
      return event.data["public"] == .flag(false)
        ? said(
          "\(what); but that address means nothing on the internet: another router outside translates once more, and ",
          "has not been asked") : what
    case "released": return said("has given \(value("internal")) up")
    case "refused": return said("was refused by \(value("with")): \(value("code")) \(value("reason"))")
    case "failed": return said("fails with \(value("with")): \(value("reason"))")
    default: return nil
    }
  }
}
