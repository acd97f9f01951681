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

  private let gate: Gate
  private let board: Board
  private let meter: ByteMeter
  private var context: ChannelHandlerContext?
  private var deadline: Scheduled<Void>?
  private var beating: Scheduled<Void>?
  private var stalled: Scheduled<Void>?
  private var answer: Gate.Answer?
  private var seen: Int?
  private var keepsAlive = false
  private var bodyBytes = 0
  private var isWatching = false
  private var isEnding = false

  init(gate: Gate, board: Board, meter: ByteMeter) {
    self.gate = gate
    self.board = board
    self.meter = meter
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
    if isWatching { board.remove(self) }
    isWatching = false
  }

  private func waitForRequest(_ context: ChannelHandlerContext) {
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { [weak self] in
      guard let self else { return }
      // There was no request, or it came too slowly.
      if answer == nil, bodyBytes == 0 { self.context?.close(promise: nil) } else { refuse(.tooSlow) }
    }
  }

  // MARK: Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isEnding, !isWatching else { return }
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head)
    case .body(let part):
      bodyBytes += part.readableBytes
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
    bodyBytes = 0
    seen = head.headers.first(name: "Last-Event-ID").flatMap { Int($0) }
    answer = gate.answer(
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
    case .state: respond(200, "application/json", board.log.snapshot.data)
    case .events: watch()
    case .refused(let refusal): refuse(refusal, closes: false)
    }
  }

  // MARK: Answering

  private static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    + "form-action 'none'; frame-ancestors 'none'"

  private func head(_ status: Int, _ type: String) -> HTTPResponseHead {
    HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: status),
      headers: [
        "Content-Type": type + "; charset=utf-8", "Cache-Control": "no-store",
        "Content-Security-Policy": Self.policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
      ])
  }

  private func respond(_ status: Int, _ type: String, _ text: String, closes: Bool = false) {
    guard let context else { return }
    let closes = closes || !keepsAlive
    var head = head(status, type)
    head.headers.add(name: "Content-Length", value: "\(text.utf8.count)")
    head.headers.add(name: "Connection", value: closes ? "close" : "keep-alive")
    if status == 405 { head.headers.add(name: "Allow", value: "GET") }
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    if closes { end(context) } else { waitForRequest(context) }
  }

  private func refuse(_ refusal: Gate.Refusal, closes: Bool = true) {
    deadline?.cancel()
    answer = nil
    respond(refusal.status, "text/plain", refusal.words + "\n", closes: closes)
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

  private func watch() {
    guard let context else { return }
    isWatching = true
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

  private func write(_ text: String) {
    context?.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    guard isWatching else { return }
    stalled?.cancel()
    if context.channel.isWritable {
      board.catchUp(self)
    } else {
      stalled = context.eventLoop.assumeIsolated().scheduleTask(in: Self.stall) { [weak self] in
        self?.context?.close(promise: nil)
      }
    }
  }
}

extension RequestHandler: Viewer {
  var takesMore: Bool { context?.channel.isWritable ?? false }

  func send(_ event: ChangeLog.Event) { write(event.text) }
}
