// SPDX-License-Identifier: GPL-3.0-or-later

import NIOCore
import NIOHTTP1

/// One connection: reads requests, answers them, and stays open for one who wants to be told of changes.
final class RequestHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  /// A request must have arrived within this time, counted from when the connection could have sent it.
  private static let patience = TimeAmount.seconds(10)
  /// The interval at which a viewer is told that it is still connected.
  private static let heartbeat = TimeAmount.seconds(15)
  /// A viewer who takes nothing for this long is dropped.
  private static let stall = TimeAmount.seconds(60)

  private let hall: Hall
  private let meter: ByteMeter
  private let peer: String
  private let isLocal: Bool
  private var context: ChannelHandlerContext?
  private var deadline: Scheduled<Void>?
  private var beating: Scheduled<Void>?
  private var stalled: Scheduled<Void>?
  /// The answer to the request that is coming in; nil before its head is there and once it is whole.
  private var answer: Gate.Answer?
  private var seen: Int?
  private var keepsAlive = false
  /// Whether the page was asked for at this machine's own name, which browsers trust without encryption.
  private var isAtLoopback = false
  private var bodyBytes = 0
  /// The body so far, if something is to read it.
  private var body = ByteBuffer()
  private var token: String?
  /// The board that this one watches.
  private var watched: Board?
  private var isWatching: Bool { watched != nil }
  private var isEnding = false

  init(hall: Hall, meter: ByteMeter, peer: String, isLocal: Bool) {
    self.hall = hall
    self.meter = meter
    self.peer = peer
    self.isLocal = isLocal
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelActive(context: ChannelHandlerContext) {
    waitForRequest(context)
  }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    beating?.cancel()
    stalled?.cancel()
    watched?.remove(self)
    watched = nil
  }

  private func waitForRequest(_ context: ChannelHandlerContext) {
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { [weak self] in
      guard let self else { return }
      // Nobody has asked anything, or the rest of a request came too slowly.
      if answer == nil { self.context?.close(promise: nil) } else { refuse(.tooSlow) }
    }
  }

  // MARK: Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isEnding, !isWatching else { return }
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head)
    case .body(var part):
      bodyBytes += part.readableBytes
      if case .route? = answer { body.writeBuffer(&part) }
      if bodyBytes > Gate.largestBody { refuse(.bodyTooLarge) }
    case .end: finish()
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError, !isEnding, !isWatching else { return context.close(promise: nil) }
    refuse(.unreadable)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ByteMeter.Exceeded, !isEnding, !isWatching { refuse(.headTooLarge) }
    context.fireUserInboundEventTriggered(event)
  }

  private func begin(_ head: HTTPRequestHead) {
    keepsAlive = head.isKeepAlive
    isAtLoopback = Gate.isLoopback(host: head.headers.first(name: "Host") ?? "")
    bodyBytes = 0
    body.clear()
    token = Self.cookie(hall.cookie, in: head.headers["Cookie"])
    seen = head.headers.first(name: "Last-Event-ID").flatMap { Int($0) }
    answer = hall.gate.answer(
      to: Gate.Request(
        method: head.method.rawValue, target: head.uri, hosts: head.headers["Host"], origins: head.headers["Origin"],
        bodyLength: head.headers.first(name: "Content-Length").flatMap { Int($0) }))
    let fields = head.headers.reduce(head.uri.utf8.count) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
    if fields > Gate.largestHead { answer = .refused(.headTooLarge) }
    // Nobody has to send a body that will not be read.
    if answer == .refused(.bodyTooLarge) { refuse(.bodyTooLarge) }
  }

  private func finish() {
    deadline?.cancel()
    meter.reset()
    guard let answer else { return }
    self.answer = nil
    switch answer {
    case .resource(let resource): respond(200, resource.type, resource.text)
    case .state: respond(200, "application/json", hall.board.log.snapshot.data)
    case .events: watch(hall.board)
    case .route(let route): ask(route)
    case .refused(let refusal): refuse(refusal, closes: false)
    }
  }

  private func ask(_ route: Gate.Route) {
    guard let loop = context?.eventLoop else { return }
    let ask = Ask(body: Array(body.readableBytesView), token: token, peer: peer, isLocal: isLocal)
    body.clear()
    hall.answer(route, ask, loop: loop) { [weak self] reply in
      guard let self else { return }
      switch reply {
      case .response(let response): respond(response)
      case .watch(let board): watch(board)
      }
    }
  }

  private static func cookie(_ name: String, in headers: [String]) -> String? {
    let pairs: [Substring] = headers.flatMap { header in
      header.split(separator: ";").map { $0.drop(while: { $0 == " " }) }
    }
    return pairs.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
  }

  // MARK: Answering

  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    + "form-action 'none'; frame-ancestors 'none'"

  private func head(_ status: Int, _ type: String) -> HTTPResponseHead {
    var headers: HTTPHeaders = [
      "Content-Type": type + "; charset=utf-8", "Cache-Control": "no-store",
      "Content-Security-Policy": Self.policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
      "Cross-Origin-Resource-Policy": "same-origin",
    ]
    // Elsewhere browsers do not heed it, and every learner's console would say so.
    if isAtLoopback { headers.add(name: "Cross-Origin-Opener-Policy", value: "same-origin") }
    return HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: headers)
  }

  private func respond(_ status: Int, _ type: String, _ text: String, closes: Bool = false) {
    respond(Response(status: status, type: type, text: text), closes: closes)
  }

  private func respond(_ response: Response, closes: Bool = false) {
    guard let context else { return }
    let closes = closes || !keepsAlive
    let text = response.text
    var head = head(response.status, response.type)
    for header in response.headers { head.headers.add(name: header.name, value: header.value) }
    head.headers.add(name: "Content-Length", value: "\(text.utf8.count)")
    head.headers.add(name: "Connection", value: closes ? "close" : "keep-alive")
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    if closes { end(context) } else { waitForRequest(context) }
  }

  private func refuse(_ refusal: Gate.Refusal, closes: Bool = true) {
    deadline?.cancel()
    answer = nil
    var response = Response.words(refusal.status, refusal.words)
    if case .wrongMethod(let allowed) = refusal { response.headers = [("Allow", allowed)] }
    respond(response, closes: closes)
  }

  /// Sends no more, and gives the other side a moment to take the last bytes before the connection closes.
  private func end(_ context: ChannelHandlerContext) {
    isEnding = true
    context.close(mode: .output, promise: nil)
    context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { [weak self] in
      self?.context?.close(promise: nil)
    }
  }

  // MARK: Watching

  private func watch(_ board: Board) {
    guard let context else { return }
    watched = board
    var head = head(200, "text/event-stream")
    head.headers.add(name: "X-Accel-Buffering", value: "no")
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    // A viewer who is cut off comes back soon.
    write("retry: 1000\n\n")
    board.add(self, after: seen)
    beat()
  }

  private func beat() {
    beating = context?.eventLoop.assumeIsolated().scheduleTask(in: Self.heartbeat) { [weak self] in
      guard let self else { return }
      if takesMore { write(":\n\n") }
      beat()
    }
  }

  private func write(_ text: String) { write(ByteBuffer(string: text)) }

  private func write(_ bytes: ByteBuffer) {
    context?.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    guard isWatching else { return }
    stalled?.cancel()
    if context.channel.isWritable {
      watched?.catchUp(self)
    } else {
      stalled = context.eventLoop.assumeIsolated().scheduleTask(in: Self.stall) { [weak self] in
        self?.context?.close(promise: nil)
      }
    }
  }
}

extension RequestHandler: Viewer {
  var takesMore: Bool { context?.channel.isWritable ?? false }

  func send(_ message: Board.Message) { write(message.bytes) }

  func leave() {
    watched = nil
    // Who is not told would take a server that is gone for one that does not answer, and ask for ever.
    write("event: closed\ndata: {}\n\n")
    context?.close(promise: nil)
  }
}
