// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import NetworkSimulator
import Wording

/// Calls somebody (RFC 3261): invites, acknowledges, talks for a moment, and hangs up.
struct SIPCaller: HostProgram {
  let callee: Endpoint
  /// Whether it asks for answers to where it is seen (RFC 3581).
  let asksForSeenPort: Bool

  private enum Step {
    case inviting
    case talking
    case leaving
    case done
    case failed
  }

  /// The first wait for an answer, the longest for one to BYE, and how long there is any (RFC 3261 §17.1.1.2, §17.1.2.2).
  static let firstWait = Interval.milliseconds(500)
  static let longestWait = Interval.seconds(4)
  static let patience = Interval.seconds(32)
  /// How long it listens after its own last word.
  static let afterglow = Interval.milliseconds(500)

  private enum Wake {
    static let request = 0
    static let voice = 1
    static let end = 2
  }

  private var step = Step.inviting
  private var local: Endpoint?
  private var media: Endpoint?
  private var call = ""
  private var requests = 0
  private var firstRequest = Instant.zero
  private var sequence = 1
  private var remoteTag = ""
  private var contact: Endpoint?
  private var voice: SIPVoice?

  init(callee: Endpoint, asksForSeenPort: Bool) {
    self.callee = callee
    self.asksForSeenPort = asksForSeenPort
  }

  var name: String { "sip-call" }
  var port: UInt16? { local?.port }
  var state: String {
    switch step {
    case .inviting: "calling"
    case .talking, .leaving: "talking"
    case .done: "done"
    case .failed: "failed"
    }
  }

  mutating func start(_ host: inout ProgramContext) throws(HostError) {
    guard let address = host.address(towards: callee.address) else {
      throw .noAddress(callee.address.family, host: host.hostName)
    }
    let port: UInt16
    do throws(HostError) {
      port = try host.open(.udp, ApplicationGateways.sipPort)
    } catch {
      port = try host.open(.udp)
    }
    local = Endpoint(address, port)
    media = SIPVoice.openPort(&host).map { Endpoint(address, $0) }
    call = String(host.generator.next(), radix: 16)
    request("INVITE", &host)
  }

  mutating func receive(_ delivery: Delivery, _ host: inout ProgramContext) {
    guard case .datagram(let payload) = delivery.content else { return }
    if delivery.local == media {
      voice?.hear()
      return
    }
    guard let answer = SIPMessage(payload), let code = answer.code, answer["Call-ID"] == call, isForUs(answer) else {
      return
    }
    switch (answer.about, code) {
    case ("INVITE", 200): accepted(answer, &host)
    case ("INVITE", 300...) where step == .inviting: fail("\(code)", &host)
    case ("BYE", 200...) where step == .leaving: finish(&host)
    default: break
    }
  }

  mutating func wake(_ timer: Int, _ host: inout ProgramContext) {
    switch timer {
    case Wake.voice:
      let goesOn = voice?.send(&host) == true
      host.setTimer(goesOn ? Wake.voice : Wake.end, after: goesOn ? SIPVoice.pace : Self.afterglow, .pressing)
    case Wake.end:
      step = .leaving
      (sequence, requests) = (2, 0)
      request("BYE", &host)
    default:
      guard host.now < firstRequest + Self.patience else {
        return step == .leaving ? finish(&host) : fail("timed-out", &host)
      }
      request(step == .leaving ? "BYE" : "INVITE", &host)
    }
  }

  /// An answer whose Via names another is not for this telephone (§18.1.2).
  private func isForUs(_ answer: SIPMessage) -> Bool {
    guard let local, let via = answer["Via"] else { return false }
    return via.hasPrefix("SIP/2.0/UDP \(local);")
  }

  private mutating func accepted(_ answer: SIPMessage, _ host: inout ProgramContext) {
    if step == .inviting, let media, let theirs = answer.media {
      step = .talking
      host.cancelTimer(Wake.request)
      contact = answer.contact
      remoteTag = answer["To"]?.split(separator: ";").first { $0.hasPrefix("tag=") }.map { ";\($0)" } ?? ""
      voice = SIPVoice(from: media, to: theirs)
      host.tell("answered", ["media": .endpoint(theirs)])
      send("ACK", &host)
      host.setTimer(Wake.voice, after: .zero, .pressing)
    } else if step == .talking {
      send("ACK", &host)
    }
  }

  /// Sends a request that is answered, and is sent again until it is.
  private mutating func request(_ method: String, _ host: inout ProgramContext) {
    send(method, &host)
    if requests == 0 { firstRequest = host.now }
    var wait = Interval(microseconds: Self.firstWait.microseconds << Int64(requests))
    if method == "BYE" { wait = min(wait, Self.longestWait) }
    host.setTimer(Wake.request, after: min(wait, firstRequest + Self.patience - host.now), .pressing)
    requests += 1
  }

  private func send(_ method: String, _ host: inout ProgramContext) {
    guard let local, let media else { return }
    let name = host.hostName.lowercased()
    let target = method == "INVITE" ? callee : contact ?? callee
    let branch = "z9hG4bK\(call.prefix(6))\(method == "ACK" ? "a" : "\(sequence)")"
    let headers = [
      ("Via", "SIP/2.0/UDP \(local);branch=\(branch)\(asksForSeenPort ? ";rport" : "")"), ("Max-Forwards", "70"),
      ("From", "<sip:\(name)@example.org>;tag=\(call.suffix(4))"), ("To", "<sip:friend@example.org>\(remoteTag)"),
      ("Call-ID", call), ("CSeq", "\(method == "BYE" ? 2 : 1) \(method)"), ("Contact", "<sip:\(name)@\(local)>"),
    ]
    let message = SIPMessage(
      "\(method) sip:friend@\(target) SIP/2.0", headers,
      body: method == "INVITE" ? SIPMessage.session(of: name, at: media) : [])
    host.send(message.payload, from: local, to: target)
  }

  private mutating func finish(_ host: inout ProgramContext) {
    step = .done
    host.tell(
      "ended", ["sent": .number(voice?.sent ?? 0), "heard": .number(voice?.heard ?? 0)], about: .nothing)
    host.finish()
  }

  private mutating func fail(_ reason: String, _ host: inout ProgramContext) {
    step = .failed
    host.tell("failed", ["reason": .text(reason)], about: reason == "timed-out" ? .nothing : .arrival)
    host.finish()
  }
}

extension SIPCaller {
  static let description = ProgramDescription(
    "sip-call", summary: said("calls a SIP telephone"),
    events: ["answered": ["media"], "ended": ["sent", "heard"], "failed": ["reason"]]
  ) { event in
    switch event.event {
    case "answered": return event.data["media"].map { said("was answered by one who wants to hear it at \($0.text)") }
    case "ended": return summary(of: event)
    case "failed":
      let reason = event.data["reason"]?.text ?? ""
      return reason == "timed-out"
        ? said("gives up: nobody has answered its call") : said("its call was refused: \(reason)")
    default: return nil
    }
  }

  /// What an end has sent of its own voice, and heard of the other's.
  static func summary(of event: EventReport) -> String? {
    guard let sent = event.data["sent"]?.text, let heard = event.data["heard"]?.text else { return nil }
    return said("the call is over: sent \(sent) packets of voice, and heard \(heard)")
  }
}
