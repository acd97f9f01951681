// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// A telephone that takes every call at once (RFC 3261), one after another.
struct SIPServer: HostProgram {
  let port: UInt16?

  private enum Alarm: Int { case voice, patience }

  /// After so long without an acknowledgement or a voice, the other is gone: 64 times T1 (RFC 3261 §13.3.1.4).
  static let patience = Interval.seconds(32)

  private var call: String?
  private var voice: SIPVoice?

  init(port: UInt16?) { self.port = port }

  var name: String { "sip" }
  var state: String { "serving" }

  mutating func start(_ host: inout ProgramContext) throws(HostError) { try host.open(.udp, port) }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    guard case .datagram(let payload) = delivery.content else { return }
    if delivery.local == voice?.local {
      voice?.hear()
      return awaitOther(&host)
    }
    guard delivery.local.port == port, let request = SIPMessage(payload), let id = request["Call-ID"] else { return }
    switch request.method {
    case "INVITE":
      if call != nil, call != id { return answer(request, delivery, "486 Busy Here", &host) }
      guard let theirs = request.media, let own = openVoice(delivery.local.address, for: id, &host) else {
        return answer(request, delivery, "488 Not Acceptable Here", &host)
      }
      if call != id {
        host.tell("rang", ["from": .endpoint(delivery.remote), "media": .endpoint(theirs)])
        awaitOther(&host)
      }
      call = id
      voice = SIPVoice(from: own, to: theirs)
      answer(request, delivery, "200 OK", body: SIPMessage.session(of: host.hostName, at: own), &host)
    case "ACK" where id == call:
      host.setTimer(Alarm.voice.rawValue, after: .zero, .pressing)
      awaitOther(&host)
    case "BYE":
      if id == call { hangUp(&host) }
      answer(request, delivery, "200 OK", &host)
    case "ACK", nil: break
    default: answer(request, delivery, "501 Not Implemented", &host)
    }
  }

  mutating func wake(_ timer: Int, _ host: inout ProgramContext) {
    if timer == Alarm.patience.rawValue { return hangUp(&host) }
    if voice?.send(&host) == true { host.setTimer(timer, after: SIPVoice.pace, .pressing) }
  }

  private func awaitOther(_ host: inout ProgramContext) {
    host.setTimer(Alarm.patience.rawValue, after: Self.patience, .pressing)
  }

  private mutating func hangUp(_ host: inout ProgramContext) {
    guard let voice else { return }
    host.tell("ended", ["sent": .number(voice.sent), "heard": .number(voice.heard)])
    for alarm in [Alarm.voice, .patience] { host.cancelTimer(alarm.rawValue) }
    host.close(.udp, voice.local.port)
    (call, self.voice) = (nil, nil)
  }

  private mutating func openVoice(_ address: IPAddress, for id: String, _ host: inout ProgramContext) -> Endpoint? {
    if id == call, let voice { return voice.local }
    return SIPVoice.openPort(&host).map { Endpoint(address, $0) }
  }

  private func answer(
    _ request: SIPMessage, _ delivery: Delivery, _ status: String, body: [String] = [], _ host: inout ProgramContext
  ) {
    guard let back = request.answerAddress(from: delivery.remote) else { return }
    var headers = [("Via", back.via)]
    for name in ["From", "To", "Call-ID", "CSeq"] {
      guard let value = request[name] else { continue }
      headers.append(
        (name, name == "To" && !value.contains("tag=") ? value + ";tag=\(host.hostName.lowercased())" : value))
    }
    if !body.isEmpty { headers.append(("Contact", "<sip:\(host.hostName.lowercased())@\(delivery.local)>")) }
    host.send(SIPMessage("SIP/2.0 \(status)", headers, body: body).payload, from: delivery.local, to: back.target)
  }
}

extension SIPServer {
  static let service = Service(
    "sip", port: ApplicationGateways.sipPort,
    ProgramDescription(
      "sip", summary: said("takes a SIP call, and answers with a voice"),
      events: ["rang": ["from", "media"], "ended": ["sent", "heard"]]
    ) { event in
      switch event.event {
      case "rang":
        guard let from = event.data["from"]?.text, let media = event.data["media"]?.text else { return nil }
        return said("takes a call from \(from), who wants to hear it at \(media)")
      case "ended": return SIPCaller.summary(of: event)
      default: return nil
      }
    }
  ) { SIPServer(port: $0.port) }
}
