// SPDX-License-Identifier: GPL-3.0-or-later

import NIOCore

/// A connection beyond the most that are served: it is told so, and closed. Its request is not read.
final class TurnAway: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  func channelActive(context: ChannelHandlerContext) {
    let refusal = Gate.Refusal.full
    let words = refusal.words + "\n"
    let answer =
      "HTTP/1.1 \(refusal.status) Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n"
      + "Content-Length: \(words.utf8.count)\r\nConnection: close\r\n\r\n\(words)"
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
    context.close(mode: .output, promise: nil)
    let channel = context.channel
    context.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}
}
