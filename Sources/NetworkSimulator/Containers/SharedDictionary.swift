// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// A key of a ``SharedDictionary``.
protocol DictionaryKey: Hashable, Sendable {
  /// Bits whose low ones differ well from key to key. Always the same for the same key, in every run.
  var spread: UInt64 { get }
}

/// A dictionary whose copies share everything that neither has changed since: keeping an old one of a large network
/// costs only later changes, not its size.
///
/// Linear hashing: there is about one bucket per entry, and each new entry splits one bucket in two, so growing never
/// moves the whole. Buckets and entries are kept in segments, which copies share.
struct SharedDictionary<Key: DictionaryKey, Value: Sendable>: Sendable {
  struct Entry: Sendable {
    var key: Key
    var value: Value
  }

  private static var none: Int32 { -1 }

  private(set) var entries = PagedArray<Entry>()
  /// The entry after each in its bucket, or in the list of free ones. Kept apart from the entries, since splitting a
  /// bucket changes it, and the next copy should not pay for whole entries.
  private(set) var links = PagedArray<Int32>()
  private var firstFree = Self.none
  /// The first entry of each bucket.
  private(set) var buckets = PagedArray<Int32>()
  private(set) var count = 0

  init() {}

  /// The value under `key`; setting it to nil removes it.
  subscript(key: Key) -> Value? {
    get {
      guard count > 0 else { return nil }
      var place = buckets[bucket(of: key)]
      while place != Self.none {
        if entries[Int(place)].key == key { return entries[Int(place)].value }
        place = links[Int(place)]
      }
      return nil
    }
    set {
      if let newValue { put(newValue, under: key) } else { remove(key) }
    }
  }

  /// Everything, in an order that depends only on the calls so far.
  var pairs: [(key: Key, value: Value)] {
    buckets.indices.flatMap { bucket in
      var found: [(key: Key, value: Value)] = []
      var place = buckets[bucket]
      while place != Self.none {
        found.append((entries[Int(place)].key, entries[Int(place)].value))
        place = links[Int(place)]
      }
      return found
    }
  }

  /// The bucket of a key: its low bits, one fewer if the bucket for one more has not been split off yet.
  private func bucket(of key: Key) -> Int {
    let bits = Int.bitWidth - (buckets.count - 1).leadingZeroBitCount
    let bucket = Int(truncatingIfNeeded: key.spread) & ((1 << bits) - 1)
    return bucket < buckets.count ? bucket : bucket - 1 << (bits - 1)
  }

  private mutating func put(_ value: Value, under key: Key) {
    if buckets.isEmpty { buckets.append(Self.none) }
    var place = buckets[bucket(of: key)]
    while place != Self.none {
      if entries[Int(place)].key == key {
        entries[Int(place)].value = value
        return
      }
      place = links[Int(place)]
    }
    if count >= buckets.count { split() }
    let home = bucket(of: key)
    if firstFree != Self.none {
      place = firstFree
      firstFree = links[Int(place)]
      entries[Int(place)] = Entry(key: key, value: value)
      links[Int(place)] = buckets[home]
    } else {
      place = Int32(truncatingIfNeeded: entries.count)
      entries.append(Entry(key: key, value: value))
      links.append(buckets[home])
    }
    buckets[home] = place
    count += 1
  }

  /// Adds a bucket, with those entries of the one it is split off from that belong there by one more bit of their keys.
  private mutating func split() {
    let new = buckets.count
    let old = new - 1 << (Int.bitWidth - 1 - new.leadingZeroBitCount)
    buckets.append(Self.none)
    var place = buckets[old]
    buckets[old] = Self.none
    while place != Self.none {
      let next = links[Int(place)]
      let home = bucket(of: entries[Int(place)].key)
      links[Int(place)] = buckets[home]
      buckets[home] = place
      place = next
    }
  }

  private mutating func remove(_ key: Key) {
    guard count > 0 else { return }
    let home = bucket(of: key)
    var before = Self.none
    var place = buckets[home]
    while place != Self.none, entries[Int(place)].key != key {
      before = place
      place = links[Int(place)]
    }
    guard place != Self.none else { return }
    let next = links[Int(place)]
    if before == Self.none { buckets[home] = next } else { links[Int(before)] = next }
    links[Int(place)] = firstFree
    firstFree = place
    count -= 1
  }
}

extension IPAddress: DictionaryKey {
  var spread: UInt64 { (high &* 0x9E37_79B9_7F4A_7C15 ^ low).spread }
}

extension IPPrefix: DictionaryKey {
  var spread: UInt64 { (address.spread ^ UInt64(length)).spread }
}

extension String: DictionaryKey {
  var spread: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a
    for byte in utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash.spread
  }
}

extension UInt64 {
  /// Its bits, mixed so that the low ones depend on all.
  fileprivate var spread: UInt64 {
    let product = multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }
}
