// SPDX-License-Identifier: GPL-3.0-or-later

import CTerminal
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Waits for whatever comes next: a key, a signal, another descriptor, a message from another thread. Events are
/// handled on the waiting thread, one after the other.
public final class EventLoop {
  private struct Watch {
    var descriptor: Int32
    var isUrgent: Bool
    var meet: () -> Void
  }

  private var watches: [Watch] = []
  /// Whoever goes on beside the loop.
  private weak var companion: (any LoopCompanion)?
  /// Where other threads leave work for this one.
  public let inbox: Inbox

  /// - Throws: why the system does not let it wait.
  public init() throws(SystemError) {
    inbox = try Inbox()
    let inbox = inbox
    watch(inbox.descriptor) { inbox.empty() }
  }

  /// Calls `meet` whenever `descriptor` has something to read. An urgent descriptor is handled alone, and then all are
  /// asked again: Ctrl-C throws away the keys before it.
  public func watch(_ descriptor: Int32, isUrgent: Bool = false, _ meet: @escaping () -> Void) {
    watches.append(Watch(descriptor: descriptor, isUrgent: isUrgent, meet: meet))
  }

  /// Lets `companion` go on whenever the loop has waited, and no longer than it has patience.
  public func accompany(by companion: any LoopCompanion) { self.companion = companion }

  /// Stops watching `descriptor`.
  public func forget(_ descriptor: Int32) {
    watches.removeAll { $0.descriptor == descriptor }
  }

  /// Waits until something comes and handles it.
  ///
  /// - Returns: false if waiting is no longer possible.
  public func turn() -> Bool {
    let asked = watches
    var watched = asked.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    defer { companion?.beat() }
    guard terminal_poll(&watched, Int32(watched.count), companion?.patience ?? -1) >= 0 else { return errno == EINTR }
    let ready = zip(asked, watched).filter { $0.1.revents != 0 }.map(\.0)
    if let urgent = ready.first(where: \.isUrgent) {
      urgent.meet()
      return true
    }
    for watch in ready {
      // An earlier handler may have removed this one.
      guard watches.contains(where: { $0.descriptor == watch.descriptor }) else { continue }
      watch.meet()
    }
    return true
  }
}

/// Something that goes on beside an event loop, at times of its own.
public protocol LoopCompanion: AnyObject {
  /// How long the loop may wait at most, in nanoseconds; nil is until something comes.
  var patience: Int64? { get }

  /// Goes on; called after each wait.
  func beat()
}

/// Messages from other threads to the one that waits in an event loop.
public final class Inbox: Sendable {
  private let messages = Mutex<[@Sendable () -> Void]>([])
  /// The end to read from; it contains a byte while there are messages.
  let descriptor: Int32
  private let writeEnd: Int32

  fileprivate init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .last }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (descriptor, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(descriptor)
    close(writeEnd)
  }

  /// Has `message` called on the loop's thread, in the order of posting.
  public func post(_ message: @escaping @Sendable () -> Void) {
    let isFirst = messages.withLock { messages in
      messages.append(message)
      return messages.count == 1
    }
    guard isFirst else { return }
    var byte: UInt8 = 0
    _ = retryingInterrupted { write(writeEnd, &byte, 1) }
  }

  /// Calls the posted messages.
  fileprivate func empty() {
    var bytes = [UInt8](repeating: 0, count: 64)
    _ = retryingInterrupted { read(descriptor, &bytes, bytes.count) }
    let posted = messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
    for message in posted { message() }
  }
}
