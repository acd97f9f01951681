// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel

/// Reads fields in their order; if a field is incomplete, the error says where the bytes end.
struct WireReader {
  private let bytes: ArraySlice<UInt8>
  /// The next byte to be read, counted from the packet's start.
  private(set) var offset = 0
  /// The end of the part being read, as far as a length field has given it.
  var end: Int
  var isQuoted = false
  /// The fields read so far, if they are wanted.
  private(set) var fields: [WireFieldValue]?

  init(_ bytes: ArraySlice<UInt8>, keepsFields: Bool) {
    self.bytes = bytes
    end = bytes.count
    fields = keepsFields ? [] : nil
  }

  var remaining: Int { end - offset }

  /// The bytes in `range`, counted from the packet's start and kept within it.
  subscript(range: Range<Int>) -> ArraySlice<UInt8> {
    let bounds = range.clamped(to: 0..<bytes.count)
    return bytes[bytes.startIndex + bounds.lowerBound..<bytes.startIndex + bounds.upperBound]
  }

  /// The byte to be read next; nil at the end.
  var next: UInt8? { remaining > 0 ? bytes[bytes.startIndex + offset] : nil }

  func error(_ problem: WireError.Problem, _ layer: WireField.Layer, _ name: WireField.Name, at offset: Int)
    -> WireError
  {
    WireError(problem, WireField(layer, name, isQuoted: isQuoted), offset: offset)
  }

  /// Reads a field of `count` whole bytes, eight at most.
  mutating func number(
    _ layer: WireField.Layer, _ name: WireField.Name, bytes count: Int
  ) throws(WireError) -> UInt64 {
    let value = try peek(layer, name, bytes: count)
    note(layer, name, bits: offset * 8..<(offset + count) * 8, value)
    offset += count
    return value
  }

  mutating func byte(_ layer: WireField.Layer, _ name: WireField.Name) throws(WireError) -> UInt8 {
    UInt8(truncatingIfNeeded: try number(layer, name, bytes: 1))
  }

  mutating func word(_ layer: WireField.Layer, _ name: WireField.Name) throws(WireError) -> UInt16 {
    UInt16(truncatingIfNeeded: try number(layer, name, bytes: 2))
  }

  /// Reads two fields that share `count` bytes, the first in the highest bits.
  mutating func pair(
    _ layer: WireField.Layer, bytes count: Int, _ first: WireField.Name, bits: Int, _ second: WireField.Name
  ) throws(WireError) -> (UInt64, UInt64) {
    let whole = try peek(layer, first, bytes: count)
    let rest = count * 8 - bits
    let values = (whole >> UInt64(rest), whole & (1 << UInt64(rest) - 1))
    note(layer, first, bits: offset * 8..<offset * 8 + bits, values.0)
    note(layer, second, bits: offset * 8 + bits..<(offset + count) * 8, values.1)
    offset += count
    return values
  }

  /// Reads three fields that share `count` bytes, the first in the highest bits; nobody has asked for their values yet.
  mutating func triple(
    _ layer: WireField.Layer, bytes count: Int, _ first: WireField.Name, bits: Int, _ second: WireField.Name,
    bits more: Int, _ third: WireField.Name
  ) throws(WireError) {
    let whole = try peek(layer, first, bytes: count)
    let (start, end) = (offset * 8, (offset + count) * 8)
    note(layer, first, bits: start..<start + bits, whole >> UInt64(count * 8 - bits))
    note(
      layer, second, bits: start + bits..<start + bits + more,
      whole >> UInt64(count * 8 - bits - more) & (1 << UInt64(more) - 1))
    note(
      layer, third, bits: start + bits + more..<end, whole & (1 << UInt64(count * 8 - bits - more) - 1))
    offset += count
  }

  /// Reads an address; nil for an IPv4 address in IPv6 form.
  mutating func address(
    _ layer: WireField.Layer, _ name: WireField.Name, _ family: AddressFamily
  ) throws(WireError) -> IPAddress? {
    let start = offset
    let high = family == .ipv4 ? 0 : try peek(layer, name, bytes: 8)
    if family == .ipv6 { offset += 8 }
    let low: UInt64
    do throws(WireError) {
      low = try peek(layer, name, bytes: family == .ipv4 ? 4 : 8)
    } catch {
      throw self.error(error.problem, layer, name, at: start)
    }
    offset += family == .ipv4 ? 4 : 8
    note(layer, name, bits: start * 8..<offset * 8, low)
    return family == .ipv4
      ? IPAddress(ipv4: UInt32(truncatingIfNeeded: low)) : IPAddress(ipv6High: high, low: low)
  }

  /// Reads `count` bytes that are not a number.
  mutating func data(
    _ layer: WireField.Layer, _ name: WireField.Name, count: Int
  ) throws(WireError) -> ArraySlice<UInt8> {
    guard count <= remaining else {
      throw error(.truncated(needed: offset + count, available: end), layer, name, at: offset)
    }
    if count > 0 { note(layer, name, bits: offset * 8..<(offset + count) * 8, 0) }
    offset += count
    return self[offset - count..<offset]
  }

  private func peek(
    _ layer: WireField.Layer, _ name: WireField.Name, bytes count: Int
  ) throws(WireError) -> UInt64 {
    guard count <= remaining else {
      throw error(.truncated(needed: offset + count, available: end), layer, name, at: offset)
    }
    var value: UInt64 = 0
    for place in bytes.startIndex + offset..<bytes.startIndex + offset + count {
      value = value << 8 | UInt64(bytes[place])
    }
    return value
  }

  private mutating func note(_ layer: WireField.Layer, _ name: WireField.Name, bits: Range<Int>, _ value: UInt64) {
    fields?.append(WireFieldValue(field: WireField(layer, name, isQuoted: isQuoted), bits: bits, value: value))
  }
}
