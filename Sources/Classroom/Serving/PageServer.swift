// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NIOCore
import NIOHTTP1
import NIOPosix
import Shell
import Synchronization

/// Serves one session's page on loopback and, while a class is open, at an address that others reach; on a thread of its own.
final class PageServer: Sendable {
  let port: Int
  private let group: MultiThreadedEventLoopGroup
  private let hall: NIOLoopBound<Hall>
  /// Where it listens for others.
  private let outer = Mutex<[any Channel]>([])
  /// The next state to show, if the server has not got to it yet. A later one replaces it.
  private let next: Mutex<(session: Session, moment: PageState.Moment)?>

  var url: String { "http://127.0.0.1:\(port)/" }

  /// - Throws: why the port cannot be used.
  init(port: Int, session: Session) throws(IOError) {
    // Signals are the shell's to handle: the server's thread gets none.
    let group = ProcessSetup.withoutSignals { MultiThreadedEventLoopGroup(numberOfThreads: 1) }
    let loop = group.next()
    do {
      let hall = try loop.submit {
        ProcessSetup.stepBack(to: .serving)
        return NIOLoopBound(
          Hall(PageState(of: session, at: PageState.Moment()), sequence: RealTime.milliseconds(), port: port),
          eventLoop: loop)
      }.wait()
      _ = try Self.bootstrap(group, hall).bind(host: "127.0.0.1", port: port).wait()
      self.hall = hall
    } catch {
      try? group.syncShutdownGracefully()
      throw error as? IOError ?? IOError(errnoCode: 0, reason: "\(error)")
    }
    self.group = group
    self.port = port
    next = Mutex(nil)
  }

  private static func bootstrap(_ group: MultiThreadedEventLoopGroup, _ hall: NIOLoopBound<Hall>) -> ServerBootstrap {
    ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let hall = hall.value
          let peer = channel.remoteAddress?.ipAddress ?? ""
          let isLocal = peer == "127.0.0.1" || peer == "::1" || peer == channel.localAddress?.ipAddress
          let hasRoom = hall.attendance.enter(peer, isLocal: isLocal)
          channel.closeFuture.assumeIsolated().whenComplete { _ in hall.attendance.leave(peer) }
          let pipeline = channel.pipeline.syncOperations
          guard hasRoom else { return try pipeline.addHandler(TurnAway()) }
          let meter = ByteMeter()
          try pipeline.addHandler(meter)
          try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: false)
          try pipeline.addHandler(RequestHandler(hall: hall, meter: meter, peer: peer, isLocal: isLocal))
        }
      }
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
      hall.value.show(PageState(of: taken.session, at: taken.moment))
    }
  }

  /// Ends it; everybody watching is cut off.
  func close() {
    closeClass()
    try? group.syncShutdownGracefully()
  }

  // MARK: The class

  /// Lets learners in at the addresses.
  ///
  /// - Throws: why one of them cannot be had; then nobody is let in.
  func open(_ opening: ClassRoom.Opening, at addresses: [String]) throws(IOError) {
    let bootstrap = Self.bootstrap(group, hall)
    var channels: [any Channel] = []
    do {
      for address in addresses where address != "127.0.0.1" {
        channels.append(try bootstrap.bind(host: address, port: port).wait())
      }
    } catch {
      for channel in channels { try? channel.close().wait() }
      throw error as? IOError ?? IOError(errnoCode: 0, reason: "\(error)")
    }
    outer.withLock { $0 = channels }
    _ = inHall { hall, loop in
      hall.open(
        ClassRoom(opening, loop: loop), addresses: addresses.map { $0.contains(":") ? "[\($0)]" : $0 })
    }
  }

  /// Sends the learners away: they are told before nobody answers them any more.
  func closeClass() {
    _ = inHall { hall, _ in hall.closeClass() }
    let channels = outer.withLock { channels in
      defer { channels = [] }
      return channels
    }
    for channel in channels { try? channel.close().wait() }
  }

  /// Does something with the class, on the server's thread, and waits for it; nil if none is open.
  func inClass<Result: Sendable>(_ body: @escaping @Sendable (ClassRoom) -> Result) -> Result? {
    inHall { hall, _ in hall.room.map(body) } ?? nil
  }

  private func inHall<Result: Sendable>(
    _ body: @escaping @Sendable (Hall, any NIOCore.EventLoop) -> Result
  ) -> Result? {
    let loop = group.next()
    let hall = hall
    return try? loop.submit { body(hall.value, loop) }.wait()
  }
}
