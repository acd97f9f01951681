// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Payloads stored apart from the flights that carry them, which are then plain data: putting one into a queue and
/// taking it out copies that many bytes and nothing else.
///
/// Stored payloads are counted: whoever keeps one as well retains it, and whoever no longer needs it releases it.
struct PayloadStore: Sendable {
  /// A reference to a payload: the payload itself if it is plain data.
  enum Contents: Sendable {
    case empty
    case filler(Int)
    case padded(PaddedBytes)
    /// Anything else, which is kept at this place.
    case stored(Int)
  }

  private struct Entry: Sendable {
    var payload: Payload
    var users: Int
  }

  private var entries = PagedArray<Entry>()
  private var free: ContiguousArray<Int> = []

  /// Payloads that somebody needs.
  var count: Int { entries.count - free.count }

  @inline(__always)
  mutating func put(_ payload: Payload) -> Contents {
    switch payload {
    case .empty: .empty
    case .filler(let count): .filler(count)
    case .padded(let padded): .padded(padded)
    case .data, .quote, .fragment: keep(payload)
    }
  }

  private mutating func keep(_ payload: Payload) -> Contents {
    let entry = Entry(payload: payload, users: 1)
    guard let place = free.popLast() else {
      entries.append(entry)
      return .stored(entries.count - 1)
    }
    entries[place] = entry
    return .stored(place)
  }

  subscript(contents: Contents) -> Payload {
    @inline(__always) get {
      switch contents {
      case .empty: .empty
      case .filler(let count): .filler(count)
      case .padded(let padded): .padded(padded)
      case .stored(let place): entries[place].payload
      }
    }
  }

  @inline(__always)
  mutating func retain(_ contents: Contents) {
    if case .stored(let place) = contents { entries[place].users += 1 }
  }

  @inline(__always)
  mutating func release(_ contents: Contents) {
    if case .stored(let place) = contents { release(place) }
  }

  private mutating func release(_ place: Int) {
    entries[place].users -= 1
    if entries[place].users == 0 {
      entries[place].payload = .empty
      free.append(place)
    }
  }
}
