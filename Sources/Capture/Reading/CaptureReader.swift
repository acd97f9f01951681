// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// Reads the packets of a capture file one after another, pcap and pcapng, in either byte order, in constant memory.
package struct CaptureReader: Sendable {
  private enum Records: Sendable {
    /// The nanoseconds of a unit of time, and the link of all packets.
    case pcap(unit: Int64, link: Int)
    case pcapng
  }

  /// A packet has at most so many bytes, as Wireshark takes it as well.
  static let longestPacket = 262_144
  /// A pcapng block that natsh reads has at most so many; others are passed over, however long.
  static let longestBlock = 1 << 24

  var window: CaptureWindow
  private let format: Records
  /// The next record or block.
  var offset: Int
  var frames = 0
  var interfaces: [CaptureInterface] = []
  var lastTime: Int64 = 0
  /// The names that the file gives to addresses.
  package internal(set) var names: [IPAddress: String] = [:]

  /// Reads a file's head.
  package init(_ source: CaptureFiles.Source) throws(CaptureFault) {
    window = CaptureWindow(source)
    guard source.size > 0 else { throw CaptureFault(problem: .empty, offset: 0) }
    let magic = Array(try window.bytes(at: 0, 4))
    switch CaptureFormat(beginning: magic) {
    case .pcapng?: (format, offset) = (.pcapng, 0)
    case .pcap(let isLittleEndian, let unit)?:
      (format, offset) = try Self.pcap(&window, littleEndian: isLittleEndian, unit: unit)
    case nil:
      if magic.starts(with: [0x1F, 0x8B]) { throw CaptureFault(problem: .compressed(with: "gunzip"), offset: 0) }
      if magic == [0x28, 0xB5, 0x2F, 0xFD] { throw CaptureFault(problem: .compressed(with: "unzstd"), offset: 0) }
      if magic == [0x04, 0x22, 0x4D, 0x18] { throw CaptureFault(problem: .compressed(with: "unlz4"), offset: 0) }
      throw CaptureFault(problem: .notACapture, offset: 0)
    }
    if case .pcapng = format { try beginSection() }
  }

  /// The next packet; nil at the end of the file.
  ///
  /// - Throws: what is wrong with the file from there on; it cannot be read any further.
  package mutating func next() throws(CaptureFault) -> CapturedFrame? {
    switch format {
    case .pcap(let unit, let link): try nextRecord(unit: unit, link: link)
    case .pcapng: try nextBlock()
    }
  }

  // MARK: pcap

  private static func pcap(
    _ window: inout CaptureWindow, littleEndian: Bool, unit: Int64
  ) throws(CaptureFault) -> (Records, Int) {
    window.isLittleEndian = littleEndian
    let head = try window.bytes(at: 0, 24)
    guard head.count == 24 else {
      throw CaptureFault(problem: .truncated(said("the head"), needed: 24, available: head.count), offset: 0)
    }
    let major = window.word(head, at: 4)
    guard major == 2 else { throw CaptureFault(problem: .version(major: major), offset: 4) }
    // The upper half tells of frame check sequences.
    let link = window.long(head, at: 20) & 0xFFFF
    guard LinkType(rawValue: link) != nil else { throw CaptureFault(problem: .linkType(link), offset: 20) }
    return (.pcap(unit: unit, link: link), 24)
  }

  private mutating func nextRecord(unit: Int64, link: Int) throws(CaptureFault) -> CapturedFrame? {
    guard offset < window.size else { return nil }
    let head = try window.bytes(at: offset, 16)
    guard head.count == 16 else { throw truncated(said("a packet's head"), 16, head.count) }
    let (captured, length) = (window.long(head, at: 8), window.long(head, at: 12))
    guard captured <= Self.longestPacket else {
      throw CaptureFault(problem: .absurdLength(said("a packet"), captured), offset: offset + 8)
    }
    let time = Int64(window.long(head, at: 0)) * 1_000_000_000 + Int64(window.long(head, at: 4)) * unit
    let bytes = try window.bytes(at: offset + 16, captured)
    guard bytes.count == captured else { throw truncated(said("a packet"), captured, bytes.count) }
    return frame(bytes, time, link, isCutShort: captured < length, recordLength: 16 + captured)
  }

  /// A frame whose record begins at the offset, which moves on behind it.
  mutating func frame(
    _ bytes: ArraySlice<UInt8>, _ time: Int64, _ link: Int, isCutShort: Bool, recordLength: Int
  ) -> CapturedFrame {
    frames += 1
    lastTime = time
    defer { offset += recordLength }
    return CapturedFrame(
      number: frames, offset: offset, time: time, link: link, bytes: bytes, isCutShort: isCutShort)
  }

  func truncated(_ what: String, _ needed: Int, _ available: Int) -> CaptureFault {
    CaptureFault(problem: .truncated(what, needed: needed, available: available), offset: offset)
  }
}
