// SPDX-License-Identifier: GPL-3.0-or-later

/// A point of simulated time, in whole microseconds since the network began.
public struct Instant: Hashable, Comparable, Sendable {
  public var microseconds: Int64

  @inlinable
  public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  public static let zero = Instant(microseconds: 0)
  /// Later than any event.
  public static let never = Instant(microseconds: .max)

  @inlinable
  public static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

  /// The instant `interval` later, saturating at ``never``.
  @inlinable
  public static func + (left: Instant, right: Interval) -> Instant {
    let (sum, overflow) = left.microseconds.addingReportingOverflow(right.microseconds)
    return Instant(microseconds: overflow ? .max : sum)
  }

  @inlinable
  public static func - (left: Instant, right: Instant) -> Interval {
    Interval(microseconds: left.microseconds &- right.microseconds)
  }
}

/// A length of simulated time, in whole microseconds.
public struct Interval: Hashable, Comparable, Sendable {
  public var microseconds: Int64

  @inlinable
  public init(microseconds: Int64) {
    self.microseconds = microseconds
  }

  public static let zero = Interval(microseconds: 0)

  public static func milliseconds(_ count: Int64) -> Interval { Interval(microseconds: count * 1_000) }
  public static func seconds(_ count: Int64) -> Interval { Interval(microseconds: count * 1_000_000) }
  public static func minutes(_ count: Int64) -> Interval { .seconds(count * 60) }
  public static func hours(_ count: Int64) -> Interval { .minutes(count * 60) }

  @inlinable
  public static func < (left: Interval, right: Interval) -> Bool { left.microseconds < right.microseconds }
  @inlinable
  public static func + (left: Interval, right: Interval) -> Interval {
    Interval(microseconds: left.microseconds &+ right.microseconds)
  }
}

extension Interval: LosslessStringConvertible {
  private static let units: [(name: String, microseconds: Int64)] = [
    ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000), ("us", 1),
  ]

  /// The longest interval that text may name: more than a thousand years, far from overflow.
  public static let longest = Interval.hours(10_000_000)

  /// Reads `20ms`, `1.5s` or `2h4m`: numbers with units in falling order, each unit at most once.
  public init?(_ text: String) {
    var rest = Substring(text)
    var total: Int64 = 0
    var smallestUnit = Int64.max
    repeat {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      var fraction = Substring()
      if rest.first == "." {
        rest = rest.dropFirst()
        fraction = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(fraction.count)
        guard !fraction.isEmpty, fraction.count <= 9 else { return nil }
      }
      let name = rest.prefix { $0.isASCII && $0.isLetter }
      rest = rest.dropFirst(name.count)
      guard let number = Int64(digits), let unit = Self.units.first(where: { $0.name == name.lowercased() }),
        unit.microseconds < smallestUnit
      else { return nil }
      smallestUnit = unit.microseconds
      let (product, overflow) = number.multipliedReportingOverflow(by: unit.microseconds)
      guard !overflow, product <= Self.longest.microseconds else { return nil }
      total += product
      var scale = unit.microseconds
      for digit in fraction {
        guard scale % 10 == 0 || digit == "0" || scale > 10 else { return nil }
        let value = Int64(digit.wholeNumberValue ?? 0)
        guard (value * scale) % 10 == 0 else { return nil }
        total += value * scale / 10
        scale /= 10
      }
    } while !rest.isEmpty
    guard total <= Self.longest.microseconds else { return nil }
    self.init(microseconds: total)
  }

  /// The shortest exact spelling: `2h4m`, `1s500ms`, `0s`.
  public var description: String {
    guard microseconds != 0 else { return "0s" }
    var rest = microseconds.magnitude
    var text = microseconds < 0 ? "-" : ""
    for unit in Self.units {
      let (count, remainder) = rest.quotientAndRemainder(dividingBy: UInt64(unit.microseconds))
      if count > 0 { text += "\(count)\(unit.name)" }
      rest = remainder
    }
    return text
  }
}
