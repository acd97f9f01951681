// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Synchronization

/// The minute that is measured: the teacher types, the learners type, and the viewers see it.
final class Lesson {
  private let teacher: Teacher
  /// When each of the teacher's commands was typed.
  private let typing = Typing()
  private(set) var viewers: [Watcher] = []
  private(set) var learners: [Learner] = []
  private var ownPages: [Watcher] = []
  /// When the last viewer had it.
  private var lastAt: [Int: ContinuousClock.Instant] = [:]
  private(set) var arrivals: [Duration] = []
  /// The last of the teacher's commands that each viewer has seen.
  private var seen: [Int]

  init(teacher: Teacher) {
    self.teacher = teacher
    seen = []
  }

  var typed: Int { typing.moments.count }
  var expected: Int { typed * viewers.count }
  var watchers: [Watcher] { viewers + ownPages }
  var lastArrivals: [Duration] {
    let moments = typing.moments
    return lastAt.map { $0.value - moments[$0.key] }
  }

  func add(viewers count: Int, port: Int) throws {
    seen = Array(repeating: -1, count: count)
    for index in 0..<count {
      let viewer = try Watcher(port: port)
      viewer.watch("/events", port: port, cookie: nil)
      viewer.onCommand = { [weak self] command, now in self?.note(command, by: index, at: now) }
      viewers.append(viewer)
    }
    try settle()
  }

  func add(workspaces count: Int, port: Int, code: String) throws {
    for index in 0..<count {
      let body = "{\"code\": \"\(code)\", \"name\": \"Learner \(index)\"}"
      let head = try Response.ask("POST", "/join", body, port: port).head
      guard let cookie = Response.value(of: "set-cookie", in: head)?.split(separator: ";").first else {
        throw LoadFailure("a learner cannot join: \(head)")
      }
      let page = try Watcher(port: port)
      page.watch("/work/events", port: port, cookie: String(cookie))
      ownPages.append(page)
      learners.append(try Learner(port: port, cookie: String(cookie), first: index))
    }
    try settle()
  }

  /// The commands alternate, so that each is another than the one before, and the source port tells which it is.
  private static let firstPort = 5_000

  private static func command(_ index: Int) -> String {
    index.isMultiple(of: 2) ? "send alice:\(firstPort + index) home-b:4000" : "step"
  }

  private func note(_ command: String, by viewer: Int, at now: ContinuousClock.Instant) {
    let index: Int
    if command == "step" {
      index = seen[viewer] + 1
    } else if let port = command.split(separator: ":").dropFirst().first.flatMap({ Int($0.prefix(4)) }) {
      index = port - Self.firstPort
    } else {
      return
    }
    guard let typed = typing.moment(index), index > seen[viewer] else { return }
    seen[viewer] = index
    arrivals.append(now - typed)
    lastAt[index] = now
  }

  /// Waits until nothing more comes.
  private func settle() throws {
    while try turn(atMost: 500) {}
  }

  /// A command a second of the teacher's, who is at a keyboard of their own, and of each learner's at a moment of their
  /// own.
  func teach(seconds: Int) throws {
    let clock = ContinuousClock()
    let start = clock.now
    // The thread below is the only one that uses it until `isOver`.
    nonisolated(unsafe) let teacher = teacher
    let typing = typing
    Thread.detachNewThread {
      // It only looks at the clock, and must do so on time; without the right to go first, it is one among others.
      _ = setpriority(threads, 0, -20)
      for index in 0..<seconds {
        // At another moment of each second, so that no learner is always at the same time.
        let moment = start + .milliseconds(1_000 * index + index * 370 % 1_000)
        Thread.sleep(forTimeInterval: max(0, (moment - .now) / .seconds(1)))
        do { try teacher.type(Self.command(index), noting: typing) } catch { break }
      }
      typing.end()
    }
    // Viewers and learners are other machines: they take no processor away from natsh's prompt.
    let before = getpriority(threads, 0)
    _ = setpriority(threads, 0, 4)
    defer { _ = setpriority(threads, 0, before) }
    var nextOfLearners = learners.indices.map { start + .milliseconds(1_000 * $0 / max(learners.count, 1)) }
    while !typing.isOver {
      let now = clock.now
      for (index, learner) in learners.enumerated() where now >= nextOfLearners[index] {
        learner.type(at: now)
        nextOfLearners[index] = nextOfLearners[index] + .seconds(1)
      }
      let wait = nextOfLearners.min().map { ($0 - clock.now) / .milliseconds(1) } ?? 100
      _ = try turn(atMost: Int32(max(0, min(wait.rounded(.up), 100))))
      if now - start > .seconds(10 * seconds + 60) { throw LoadFailure("natsh does not keep up at all") }
    }
    guard typed == seconds else { throw LoadFailure("the teacher's prompt does not come back") }
    try settle()
  }

  private var buffer = [UInt8](repeating: 0, count: 1 << 18)

  /// Takes whatever comes within so many milliseconds; false if nothing does.
  private func turn(atMost milliseconds: Int32) throws -> Bool {
    let all: [Connection] = viewers + ownPages + learners
    var watched = all.map { connection in
      let events = connection.isClosed ? 0 : connection.wantsToSend ? POLLIN | POLLOUT : POLLIN
      return pollfd(fd: connection.descriptor, events: Int16(events), revents: 0)
    }
    guard poll(&watched, nfds_t(watched.count), milliseconds) > 0 else { return false }
    for (connection, state) in zip(all, watched) where state.revents != 0 {
      if state.revents & Int16(POLLOUT) != 0 { connection.flush() }
      connection.receive(into: &buffer, at: .now)
      if connection.isClosed { throw LoadFailure("natsh has closed a connection") }
    }
    return true
  }
}

#if canImport(Darwin)
  private let threads = PRIO_DARWIN_THREAD
#else
  private let threads = __priority_which_t(PRIO_PROCESS.rawValue)
#endif

/// When the teacher typed, told to those who see it.
final class Typing: Sendable {
  private let state = Mutex<(moments: [ContinuousClock.Instant], isOver: Bool)>(([], false))

  var moments: [ContinuousClock.Instant] { state.withLock { $0.moments } }
  var isOver: Bool { state.withLock { $0.isOver } }

  func note(_ moment: ContinuousClock.Instant) { state.withLock { $0.moments.append(moment) } }

  func end() { state.withLock { $0.isOver = true } }

  func moment(_ index: Int) -> ContinuousClock.Instant? {
    state.withLock { $0.moments.indices.contains(index) ? $0.moments[index] : nil }
  }
}

/// Times of the same thing, in milliseconds.
struct Spread: CustomStringConvertible {
  private let values: [Double]

  init(_ durations: [Duration]) { values = durations.map { $0 / .milliseconds(1) }.sorted() }

  var count: Int { values.count }

  /// The value that so many percent do not exceed.
  subscript(percent: Int) -> Double {
    values.isEmpty ? .nan : values[min((values.count * percent + 99) / 100, values.count) - 1]
  }

  var description: String {
    String(format: "median %.2f, 99%% %.2f, longest %.2f", self[50], self[99], values.last ?? .nan)
  }
}
