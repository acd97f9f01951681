// SPDX-License-Identifier: GPL-3.0-or-later

import NIOCore

/// Counts bytes before they are read as HTTP: a head that never ends must not fill the memory.
final class ByteMeter: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// Sent through the pipeline when a request is too long; everything after it is thrown away.
  struct Exceeded: Sendable {}

  /// Bytes of one request, its head and its body together, with as much again for the way bodies are cut into chunks.
  private static let limit = 4 * Gate.largestBody

  private var bytes = 0
  private var isExceeded = false

  /// A new request begins.
  func reset() { bytes = 0 }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isExceeded else { return }
    bytes += unwrapInboundIn(data).readableBytes
    if bytes > Self.limit {
      isExceeded = true
      context.fireUserInboundEventTriggered(Exceeded())
    } else {
      context.fireChannelRead(data)
    }
  }
}
