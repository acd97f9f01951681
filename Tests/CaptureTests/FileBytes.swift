// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import WireFormat

@testable import Capture

/// Capture files written by hand, byte by byte, in either byte order.
struct FileBytes {
  var isLittle: Bool
  var bytes: [UInt8] = []

  init(little: Bool) { isLittle = little }

  mutating func add(_ number: UInt64, _ count: Int) {
    let places = isLittle ? Array(0..<count) : Array((0..<count).reversed())
    bytes += places.map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
  }

  /// A pcap file with those frames, a second apart.
  static func pcap(
    _ frames: [[UInt8]], link: UInt64 = 101, little: Bool = true, nano: Bool = false, major: UInt64 = 2
  ) -> [UInt8] {
    var file = FileBytes(little: little)
    file.add(nano ? 0xA1B2_3C4D : 0xA1B2_C3D4, 4)
    file.add(major, 2)
    file.add(4, 2)
    file.add(0, 8)
    file.add(262_144, 4)
    file.add(link, 4)
    for (index, frame) in frames.enumerated() {
      file.add(UInt64(index), 4)
      file.add(nano ? 5_000_000 : 5_000, 4)
      file.add(UInt64(frame.count), 4)
      file.add(UInt64(frame.count), 4)
      file.bytes += frame
    }
    return file.bytes
  }

  /// A block with its lengths.
  mutating func block(_ kind: UInt64, _ body: (inout FileBytes) -> Void) {
    var inner = FileBytes(little: isLittle)
    body(&inner)
    inner.bytes += repeatElement(0, count: -inner.bytes.count & 3)
    add(kind, 4)
    add(UInt64(inner.bytes.count + 12), 4)
    bytes += inner.bytes
    add(UInt64(inner.bytes.count + 12), 4)
  }

  mutating func section(major: UInt64 = 1) {
    block(0x0A0D_0D0A) { body in
      body.add(0x1A2B_3C4D, 4)
      body.add(major, 2)
      body.add(0, 2)
      body.add(.max, 8)
    }
  }

  /// An interface; `resolution` as in the option of that name.
  mutating func interface(link: UInt64 = 101, snap: UInt64 = 0, resolution: UInt8? = nil, offset: UInt64? = nil) {
    block(1) { body in
      body.add(link, 2)
      body.add(0, 2)
      body.add(snap, 4)
      if let resolution {
        body.add(9, 2)
        body.add(1, 2)
        body.bytes += [resolution, 0, 0, 0]
      }
      if let offset {
        body.add(14, 2)
        body.add(8, 2)
        body.add(offset, 8)
      }
    }
  }

  mutating func packet(_ frame: [UInt8], on interface: UInt64 = 0, at stamp: UInt64 = 0, says: UInt64? = nil) {
    block(6) { body in
      body.add(interface, 4)
      body.add(stamp >> 32, 4)
      body.add(stamp & 0xFFFF_FFFF, 4)
      body.add(says ?? UInt64(frame.count), 4)
      body.add(UInt64(frame.count), 4)
      body.bytes += frame
    }
  }

  /// A pcapng file of one section, one interface and those packets, a second apart.
  static func pcapng(_ frames: [[UInt8]], link: UInt64 = 101, little: Bool = true) -> [UInt8] {
    var file = FileBytes(little: little)
    file.section()
    file.interface(link: link)
    for (index, frame) in frames.enumerated() { file.packet(frame, at: UInt64(index) * 1_000_000 + 5_000) }
    return file.bytes
  }

  /// A UDP packet from 10.0.0.1:5000 to 10.0.0.2:4000.
  static func udp(_ text: String = "hello", ipv6: Bool = false) -> [UInt8] {
    let (from, to): (IPAddress, IPAddress) =
      ipv6
      ? (IPAddress("2001:db8::1") ?? .zero, IPAddress("2001:db8::2") ?? .zero)
      : (IPAddress(ipv4: 0x0A00_0001), IPAddress(ipv4: 0x0A00_0002))
    let packet = Packet(.udp, from: Endpoint(from, 5_000), to: Endpoint(to, 4_000), payload: .data(Array(text.utf8)))
    return (try? packet.encoded()) ?? []
  }
}

extension IPAddress {
  static let zero = IPAddress(ipv4: 0)
}

/// All that a file has: its frames, and its fault.
func readAll(_ bytes: [UInt8]) -> (frames: [CapturedFrame], fault: CaptureFault?) {
  var frames: [CapturedFrame] = []
  do throws(CaptureFault) {
    var reader = try CaptureReader(CaptureFiles.Source(bytes))
    while let frame = try reader.next() { frames.append(frame) }
    return (frames, nil)
  } catch {
    return (frames, error)
  }
}
