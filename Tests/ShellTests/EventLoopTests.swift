// SPDX-License-Identifier: GPL-3.0-or-later

import Synchronization
import Testing

@testable import Shell

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Waiting for more than keys: for other descriptors, and for messages from other threads.
@Suite struct EventLoopTests {
  /// A pipe; the write end is closed by `deinit`.
  private final class Pipe {
    let ends: [Int32]

    init() throws {
      var ends: [Int32] = [-1, -1]
      try #require(pipe(&ends) == 0)
      self.ends = ends
    }

    deinit { for end in ends { close(end) } }

    func put(_ byte: UInt8) {
      var byte = byte
      _ = write(ends[1], &byte, 1)
    }

    func take() -> UInt8 {
      var byte: UInt8 = 0
      _ = read(ends[0], &byte, 1)
      return byte
    }
  }

  @Test func messagesAreDeliveredInOrderOnTheThreadThatWaits() throws {
    let loop = try EventLoop()
    let met = Mutex<[Int]>([])
    let threads = Mutex<Set<UInt>>([])
    let inbox = loop.inbox
    var thread = pthread_t()
    // Posted from another thread, while this one waits or before it does.
    let box = Unmanaged.passRetained(
      Work {
        for number in 1...1_000 {
          inbox.post {
            met.withLock { $0.append(number) }
            threads.withLock { _ = $0.insert(UInt(pthread_self())) }
          }
        }
      })
    pthread_create(
      &thread, nil,
      { pointer in
        if let pointer { Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body() }
        return nil
      }, box.toOpaque())
    while met.withLock({ $0.count }) < 1_000, loop.turn() {}
    pthread_join(thread, nil)
    #expect(met.withLock { $0 } == Array(1...1_000))
    #expect(threads.withLock { $0 } == [UInt(pthread_self())])
  }

  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  @Test func anUrgentMessageIsDeliveredAloneAndWhatItCancelsIsNot() throws {
    let loop = try EventLoop()
    let (keys, signals) = (try Pipe(), try Pipe())
    var met: [String] = []
    loop.watch(keys.ends[0]) { met.append("key \(keys.take())") }
    loop.watch(signals.ends[0], isUrgent: true) {
      met.append("signal \(signals.take())")
      _ = keys.take()
    }
    keys.put(1)
    signals.put(2)
    #expect(loop.turn())
    #expect(met == ["signal 2"])
    keys.put(3)
    #expect(loop.turn())
    #expect(met == ["signal 2", "key 3"])
  }

  @Test func aDescriptorForgottenByAnothersHandlerIsNotReported() throws {
    let loop = try EventLoop()
    let (first, second) = (try Pipe(), try Pipe())
    var met: [String] = []
    loop.watch(first.ends[0]) {
      met.append("first \(first.take())")
      loop.forget(second.ends[0])
    }
    loop.watch(second.ends[0]) { met.append("second") }
    first.put(1)
    second.put(1)
    #expect(loop.turn())
    #expect(met == ["first 1"])
  }
}
