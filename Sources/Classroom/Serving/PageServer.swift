// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NIOCore
import NIOHTTP1
import NIOPosix
import Shell
import Synchronization

/// Serves one session's page on loopback, on a thread of its own.
final class PageServer: Sendable {
  let port: Int
  private let group: MultiThreadedEventLoopGroup
  private let listening: any Channel
  private let board: NIOLoopBound<Board>
  /// The next state to show, if the server has not got to it yet. A later one replaces it.
  private let next: Mutex<(session: Session, moment: PageState.Moment)?>

  /// The most that may be connected at once; further ones are told so and sent away.
  static let mostConnections = 600

  var url: String { "http://127.0.0.1:\(port)/" }

  /// - Throws: why the port cannot be used.
  init(port: Int, session: Session) throws(IOError) {
    // Signals are the shell's to handle: the server's thread gets none.
    let group = ProcessSetup.withoutSignals { MultiThreadedEventLoopGroup(numberOfThreads: 1) }
    let loop = group.next()
    let connections = NIOLoopBoundBox.makeBoxSendingValue(0, eventLoop: loop)
    do {
      let board = try loop.submit {
        NIOLoopBound(
          Board(PageState(of: session, at: PageState.Moment()), sequence: RealTime.milliseconds()),
          eventLoop: loop)
      }.wait()
      let gate = Gate(port: port)
      listening = try ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 256)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
        .childChannelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10))
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            connections.value += 1
            channel.closeFuture.whenComplete { _ in connections.value -= 1 }
            let pipeline = channel.pipeline.syncOperations
            guard connections.value <= Self.mostConnections else { return try pipeline.addHandler(TurnAway()) }
            let meter = ByteMeter()
            try pipeline.addHandler(meter)
            try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: false)
            try pipeline.addHandler(RequestHandler(gate: gate, board: board.value, meter: meter))
          }
        }
        .bind(host: "127.0.0.1", port: port).wait()
      self.board = board
    } catch {
      try? group.syncShutdownGracefully()
      throw error as? IOError ?? IOError(errnoCode: 0, reason: "\(error)")
    }
    self.group = group
    self.port = port
    next = Mutex(nil)
  }

  /// Shows everybody the present session. The caller does not wait.
  func publish(_ session: Session, _ moment: PageState.Moment) {
    let isFirst = next.withLock { next in
      defer { next = (session, moment) }
      return next == nil
    }
    guard isFirst else { return }
    group.next().execute { [self] in
      let taken = next.withLock { next in
        defer { next = nil }
        return next
      }
      guard let taken else { return }
      board.value.show(PageState(of: taken.session, at: taken.moment))
    }
  }

  /// Ends it; everybody watching is cut off.
  func close() {
    try? group.syncShutdownGracefully()
  }
}
