// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// An interface of a pcapng section.
struct CaptureInterface: Hashable, Sendable {
  var link: Int
  /// Nothing after so many bytes of a packet was kept; 0 for no limit.
  var snapLength: Int
  /// Units of time in a second, as the file has it: a power of ten, or of two if the first bit is set.
  var resolution: UInt8 = 6
  /// Seconds to add.
  var timeOffset: Int64 = 0

  /// A time stamp in nanoseconds, as near as they can be told.
  func nanoseconds(_ stamp: UInt64) -> Int64 {
    let exponent = Int(resolution & 0x7F)
    let whole: UInt64
    if resolution & 0x80 != 0 {
      let (high, low) = stamp.multipliedFullWidth(by: 1_000_000_000)
      whole =
        exponent >= 128
        ? 0
        : exponent >= 64
          ? high >> (exponent - 64)
          : exponent == 0
            ? (high > 0 ? .max : low) : high >> exponent > 0 ? .max : high << (64 - exponent) | low >> exponent
    } else {
      var value = stamp
      for _ in 0..<abs(9 - min(exponent, 40)) {
        if exponent > 9 {
          value /= 10
        } else {
          let (product, overflow) = value.multipliedReportingOverflow(by: 10)
          value = overflow ? .max : product
        }
      }
      whole = value
    }
    let (added, overflow) = timeOffset.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, tooMuch) = Int64(clamping: whole).addingReportingOverflow(overflow ? 0 : added)
    return tooMuch ? .max : sum
  }
}

/// pcapng: blocks in sections (draft-ietf-opsawg-pcapng).
extension CaptureReader {
  /// The most names that are kept.
  private static var mostNames: Int { 65_536 }

  /// Reads the section header at the offset, and goes on behind it.
  mutating func beginSection() throws(CaptureFault) {
    let head = try window.bytes(at: offset, 28)
    guard head.count == 28 else { throw truncated(said("a section's head"), 28, head.count) }
    switch Array(head.dropFirst(8).prefix(4)) {
    case [0x1A, 0x2B, 0x3C, 0x4D]: window.isLittleEndian = false
    case [0x4D, 0x3C, 0x2B, 0x1A]: window.isLittleEndian = true
    default: throw CaptureFault(problem: .byteOrder, offset: offset + 8)
    }
    let major = window.word(head, at: 12)
    guard major == 1 else { throw CaptureFault(problem: .version(major: major), offset: offset + 12) }
    let length = try blockLength(head, atLeast: 28)
    interfaces = []
    offset += length
  }

  mutating func nextBlock() throws(CaptureFault) -> CapturedFrame? {
    while offset < window.size {
      let head = try window.bytes(at: offset, 12)
      guard head.count == 12 else { throw truncated(said("a block"), 12, head.count) }
      switch UInt32(truncatingIfNeeded: window.long(head, at: 0)) {
      case CaptureBlocks.Kind.section: try beginSection()
      case CaptureBlocks.Kind.interface: try describeInterface(try block(head, atLeast: 20))
      case CaptureBlocks.Kind.names: try readNames(head)
      case CaptureBlocks.Kind.packet:
        let body = try block(head, atLeast: 32)
        return try packet(body, interface: window.long(body, at: 0), headLength: 20, timeAt: 4)
      case CaptureBlocks.Kind.oldPacket:
        let body = try block(head, atLeast: 32)
        return try packet(body, interface: window.word(body, at: 0), headLength: 20, timeAt: 4)
      case CaptureBlocks.Kind.simplePacket: return try simplePacket(try block(head, atLeast: 16))
      default: offset += try blockLength(head, atLeast: 12)
      }
    }
    return nil
  }

  /// The length of the block at the offset, which the file has whole.
  private mutating func blockLength(_ head: ArraySlice<UInt8>, atLeast least: Int) throws(CaptureFault) -> Int {
    let length = window.long(head, at: 4)
    guard length >= least, length % 4 == 0 else {
      throw CaptureFault(problem: .absurdLength(said("a block"), length), offset: offset + 4)
    }
    guard offset + length <= window.size else { throw truncated(said("a block"), length, window.size - offset) }
    let trailer = try window.bytes(at: offset + length - 4, 4)
    guard trailer.count == 4 else { throw truncated(said("a block"), length, window.size - offset) }
    let again = window.long(trailer, at: 0)
    guard again == length else {
      throw CaptureFault(problem: .lengthsDisagree(length, again), offset: offset + length - 4)
    }
    return length
  }

  /// The body of the block at the offset, which is one to be read.
  private mutating func block(_ head: ArraySlice<UInt8>, atLeast least: Int) throws(CaptureFault) -> ArraySlice<UInt8> {
    let length = window.long(head, at: 4)
    guard length <= Self.longestBlock else {
      throw CaptureFault(problem: .absurdLength(said("a block"), length), offset: offset + 4)
    }
    let known = try blockLength(head, atLeast: least)
    let body = try window.bytes(at: offset + 8, known - 12)
    guard body.count == known - 12 else { throw truncated(said("a block"), known, body.count + 8) }
    return body
  }

  private mutating func describeInterface(_ body: ArraySlice<UInt8>) throws(CaptureFault) {
    var interface = CaptureInterface(link: window.word(body, at: 0), snapLength: window.long(body, at: 4))
    var rest = body.dropFirst(8)
    while rest.count >= 4 {
      let (code, length) = (window.word(rest, at: 0), window.word(rest, at: 2))
      let value = rest.dropFirst(4).prefix(length)
      guard code != CaptureBlocks.Option.end, value.count == length else { break }
      if code == CaptureBlocks.Option.resolution, let first = value.first { interface.resolution = first }
      if code == CaptureBlocks.Option.timeOffset, length == 8 {
        interface.timeOffset = Int64(bitPattern: window.number(value, at: 0, bytes: 8))
      }
      rest = rest.dropFirst(4 + (length + 3) & ~3)
    }
    interfaces.append(interface)
    offset += body.count + 12
  }

  private mutating func packet(
    _ body: ArraySlice<UInt8>, interface number: Int, headLength: Int, timeAt: Int
  ) throws(CaptureFault) -> CapturedFrame {
    guard interfaces.indices.contains(number) else {
      throw CaptureFault(problem: .unknownInterface(number), offset: offset + 8)
    }
    let interface = interfaces[number]
    let stamp = window.number(body, at: timeAt, bytes: 4) << 32 | window.number(body, at: timeAt + 4, bytes: 4)
    let (captured, length) = (window.long(body, at: 12), window.long(body, at: 16))
    guard captured <= Self.longestPacket, captured <= body.count - headLength else {
      throw CaptureFault(problem: .absurdLength(said("a packet"), captured), offset: offset + 20)
    }
    return frame(
      body.dropFirst(headLength).prefix(captured), interface.nanoseconds(stamp), interface.link,
      isCutShort: captured < length, recordLength: body.count + 12)
  }

  private mutating func simplePacket(_ body: ArraySlice<UInt8>) throws(CaptureFault) -> CapturedFrame {
    guard let interface = interfaces.first else {
      throw CaptureFault(problem: .unknownInterface(0), offset: offset)
    }
    let length = window.long(body, at: 0)
    let captured = interface.snapLength > 0 ? min(length, interface.snapLength) : length
    guard captured <= Self.longestPacket, captured <= body.count - 4 else {
      throw CaptureFault(problem: .absurdLength(said("a packet"), captured), offset: offset + 8)
    }
    // Such a packet has no time.
    return frame(
      body.dropFirst(4).prefix(captured), lastTime, interface.link, isCutShort: captured < length,
      recordLength: body.count + 12)
  }

  /// Reads a block of names; one that is very long, or has no sense, is passed over.
  private mutating func readNames(_ head: ArraySlice<UInt8>) throws(CaptureFault) {
    let length = try blockLength(head, atLeast: 12)
    defer { offset += length }
    guard length <= Self.longestBlock else { return }
    var rest = try window.bytes(at: offset + 8, length - 12)
    while rest.count >= 4, names.count < Self.mostNames {
      let (kind, count) = (window.word(rest, at: 0), window.word(rest, at: 2))
      let value = rest.dropFirst(4).prefix(count)
      guard kind != 0, value.count == count else { return }
      let width = kind == 1 ? 4 : 16
      if kind <= 2, count > width, let address = IPAddress(bytes: value.prefix(width)) {
        let name = value.dropFirst(width).prefix { $0 != 0 }
        names[address] = String(validating: name, as: UTF8.self)
      }
      rest = rest.dropFirst(4 + (count + 3) & ~3)
    }
  }
}
