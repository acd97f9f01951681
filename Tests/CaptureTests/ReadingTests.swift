// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import NATModel
import TestSupport
import Testing

@testable import Capture

@Suite struct ReadingTests {
  /// Every format in both byte orders: the same packets at the same times.
  @Test(arguments: [
    FileBytes.pcap([FileBytes.udp(), FileBytes.udp("b")]),
    FileBytes.pcap([FileBytes.udp(), FileBytes.udp("b")], little: false),
    FileBytes.pcap([FileBytes.udp(), FileBytes.udp("b")], nano: true),
    FileBytes.pcap([FileBytes.udp(), FileBytes.udp("b")], little: false, nano: true),
    FileBytes.pcapng([FileBytes.udp(), FileBytes.udp("b")]),
    FileBytes.pcapng([FileBytes.udp(), FileBytes.udp("b")], little: false),
  ])
  func everyFormatIsReadInBothByteOrders(bytes: [UInt8]) throws {
    let (frames, fault) = readAll(bytes)
    #expect(fault == nil)
    #expect(frames.map(\.time) == [5_000_000, 1_005_000_000])
    #expect(try frames.map { try $0.packet().payload.text } == ["hello", "b"])
  }

  static let mac = [UInt8](repeating: 2, count: 12)

  /// How each kind of link wraps a packet, and the wrappings that carry none.
  @Test(arguments: [
    (UInt64(101), [UInt8](), false, true), (228, [], false, true), (229, [], true, true),
    (1, mac + [8, 0], false, true), (1, mac + [0x86, 0xDD], true, true),
    (1, mac + [0x81, 0, 0, 5, 8, 0], false, true),
    (1, mac + [0x88, 0xA8, 0, 5, 0x81, 0, 0, 6, 0x86, 0xDD], true, true),
    (1, mac + [8, 6], false, false),
    (113, [UInt8](repeating: 0, count: 14) + [8, 0], false, true),
    (276, [0x86, 0xDD] + [UInt8](repeating: 0, count: 18), true, true),
    (0, [2, 0, 0, 0], false, true), (0, [0, 0, 0, 2], false, true), (0, [0, 0, 0, 30], true, true),
    (0, [24, 0, 0, 0], true, true), (108, [0, 0, 0, 28], true, true), (0, [7, 0, 0, 0], false, false),
    (113, [8, 0], false, false), (1, [1, 2, 3], false, false),
  ])
  func everyLinkIsUnwrapped(link: UInt64, wrapping: [UInt8], isIPv6: Bool, carriesIP: Bool) {
    let frames = readAll(
      FileBytes.pcapng(
        [wrapping + (wrapping.count > 3 || wrapping.isEmpty ? FileBytes.udp(ipv6: isIPv6) : [])], link: link)
    ).frames
    let packet = try? frames.first?.packet()
    #expect((packet?.payload.text == "hello") == carriesIP)
  }

  /// Units of time: powers of ten and of two, and seconds to add.
  @Test(arguments: [
    (UInt8(6), UInt64(1_500_000), Int64(1_500_000_000)), (9, 1_500_000_000, 1_500_000_000), (3, 1_500, 1_500_000_000),
    (0, 2, 2_000_000_000), (12, 1_500_000_000_000, 1_500_000_000), (0x80 | 10, 1_536, 1_500_000_000),
    (0x80, 3, 3_000_000_000), (0x80 | 32, 0x1_8000_0000, 1_500_000_000), (6, .max, .max), (0x80 | 127, .max, 0),
    (127, .max, 0),
  ])
  func timesAreReadInTheirUnits(resolution: UInt8, stamp: UInt64, nanoseconds: Int64) {
    let interface = CaptureInterface(link: 101, snapLength: 0, resolution: resolution)
    #expect(interface.nanoseconds(stamp) == nanoseconds)
  }

  /// Every way in which a file can be wrong, with the byte where it is.
  static let wrong: [(what: String, bytes: [UInt8], fault: CaptureFault)] = {
    let pcap = FileBytes.pcap([FileBytes.udp()])
    let pcapng = FileBytes.pcapng([FileBytes.udp()])
    func changed(_ bytes: [UInt8], _ offset: Int, _ values: [UInt8]) -> [UInt8] {
      var bytes = bytes
      bytes.replaceSubrange(offset..<offset + values.count, with: values)
      return bytes
    }
    func fault(_ problem: CaptureFault.Problem, _ offset: Int) -> CaptureFault {
      CaptureFault(problem: problem, offset: offset)
    }
    var headless = FileBytes(little: true)
    headless.section()
    headless.packet(FileBytes.udp())
    var simple = FileBytes(little: true)
    simple.section()
    simple.block(3) {
      $0.add(4, 4)
      $0.add(0, 4)
    }
    return [
      ("nothing", [], fault(.empty, 0)),
      ("text", Array("hello, world".utf8), fault(.notACapture, 0)),
      ("two bytes", [0x0A, 0x0D], fault(.notACapture, 0)),
      ("gzip", [0x1F, 0x8B, 8, 0], fault(.compressed(with: "gunzip"), 0)),
      ("zstd", [0x28, 0xB5, 0x2F, 0xFD], fault(.compressed(with: "unzstd"), 0)),
      ("lz4", [0x04, 0x22, 0x4D, 0x18], fault(.compressed(with: "unlz4"), 0)),
      ("pcap cut in its head", Array(pcap.prefix(23)), fault(.truncated("the head", needed: 24, available: 23), 0)),
      ("pcap of version 3", FileBytes.pcap([], major: 3), fault(.version(major: 3), 4)),
      ("pcap of USB", FileBytes.pcap([], link: 189), fault(.linkType(189), 20)),
      (
        "pcap cut in a record's head", Array(pcap.prefix(30)),
        fault(.truncated("a packet's head", needed: 16, available: 6), 24)
      ),
      ("pcap cut in a packet", Array(pcap.dropLast()), fault(.truncated("a packet", needed: 33, available: 32), 24)),
      (
        "pcap with an absurd length", changed(pcap, 32, [0xFF, 0xFF, 0xFF, 0x7F]),
        fault(.absurdLength("a packet", 0x7FFF_FFFF), 32)
      ),
      (
        "pcapng cut in its head", Array(pcapng.prefix(20)),
        fault(.truncated("a section's head", needed: 28, available: 20), 0)
      ),
      ("pcapng without a byte order", changed(pcapng, 8, [1, 2, 3, 4]), fault(.byteOrder, 8)),
      ("pcapng of version 2", changed(pcapng, 12, [2, 0]), fault(.version(major: 2), 12)),
      ("a section too short", changed(pcapng, 4, [24, 0, 0, 0]), fault(.absurdLength("a block", 24), 4)),
      (
        "a length that is not a multiple of four", changed(pcapng, 32, [21, 0, 0, 0]),
        fault(.absurdLength("a block", 21), 32)
      ),
      ("a length of nothing", changed(pcapng, 32, [0, 0, 0, 0]), fault(.absurdLength("a block", 0), 32)),
      ("lengths that differ", changed(pcapng, 44, [24, 0, 0, 0]), fault(.lengthsDisagree(20, 24), 44)),
      (
        "a block longer than the file", changed(pcapng, 32, [0, 0, 1, 0]),
        fault(.truncated("a block", needed: 65_536, available: 88), 28)
      ),
      (
        "a gigantic packet block", changed(pcapng, 52, [0, 0, 0, 0x40]),
        fault(.absurdLength("a block", 0x4000_0000), 52)
      ),
      (
        "pcapng cut in a packet", Array(pcapng.dropLast(5)), fault(.truncated("a block", needed: 68, available: 63), 48)
      ),
      (
        "pcapng cut in a block's head", Array(pcapng.prefix(53)),
        fault(.truncated("a block", needed: 12, available: 5), 48)
      ),
      ("a packet longer than its block", changed(pcapng, 68, [0, 1, 0, 0]), fault(.absurdLength("a packet", 256), 68)),
      ("a packet of no interface", headless.bytes, fault(.unknownInterface(0), 36)),
      ("a simple packet of no interface", simple.bytes, fault(.unknownInterface(0), 28)),
    ]
  }()

  @Test(arguments: wrong.indices) func everyFaultIsFoundAtItsPlace(index: Int) {
    let (what, bytes, fault) = Self.wrong[index]
    #expect(readAll(bytes).fault == fault, "\(what)")
    #expect(fault.offset == 0 || fault.message.contains("byte \(fault.offset):"), "\(fault.message)")
  }

  /// Cut anywhere, or with any byte changed, a file ends in frames or in a fault inside it.
  @Test(arguments: [FileBytes.pcap([FileBytes.udp()]), FileBytes.pcapng([FileBytes.udp()])])
  func noDamageDoesMoreThanEndTheFile(bytes: [UInt8]) {
    for count in bytes.indices {
      if let fault = readAll(Array(bytes.prefix(count))).fault { #expect((0...count).contains(fault.offset)) }
      for value in [0, 0x7F, 0xFF] as [UInt8] {
        var changed = bytes
        changed[count] = value
        if let fault = readAll(changed).fault { #expect((0...bytes.count).contains(fault.offset)) }
      }
    }
  }

  @Test func whatHasNoUseIsSaidToHaveNone() {
    var fragment = FileBytes.udp()
    fragment[6] = 0x20
    var other = FileBytes.udp()
    other[9] = 47
    var file = FileBytes(little: true)
    file.section()
    file.interface()
    file.interface(link: 189)
    for frame in [fragment, other, Array(FileBytes.udp().prefix(10)), [0x45]] { file.packet(frame) }
    file.packet(FileBytes.udp(), on: 1)
    file.packet(Array(FileBytes.udp().dropLast()), says: 32)
    let frames = readAll(file.bytes).frames
    #expect(frames.count == 6)
    let uses = frames.map { frame -> CapturedFrame.Uselessness? in
      do throws(CapturedFrame.Uselessness) {
        _ = try frame.packet()
        return nil
      } catch { return error }
    }
    #expect(uses == [.fragment, .otherProtocol, .malformed, .malformed, .otherLink(189), .malformed])
  }

  /// Older packets, packets without a time, other blocks, a second section in the other byte order, and names.
  @Test func blocksOfEveryKindAreReadOrPassedOver() throws {
    var file = FileBytes(little: true)
    file.section()
    file.interface()
    file.block(2) { body in
      body.add(0, 2)
      body.add(0, 2)
      body.add(0, 4)
      body.add(7, 4)
      body.add(UInt64(FileBytes.udp("old").count), 4)
      body.add(UInt64(FileBytes.udp("old").count), 4)
      body.bytes += FileBytes.udp("old")
    }
    file.block(0xBAD) { $0.add(1, 8) }
    file.block(3) { body in
      body.add(UInt64(FileBytes.udp("simple").count), 4)
      body.bytes += FileBytes.udp("simple")
    }
    file.block(4) { body in
      body.add(1, 2)
      body.add(10, 2)
      body.bytes += [10, 0, 0, 1] + Array("alice".utf8) + [0, 0, 0]
      body.add(0, 4)
    }
    var other = FileBytes(little: false)
    other.section()
    other.interface(resolution: 9, offset: 1)
    other.packet(FileBytes.udp("big"), at: 5)
    var reader = try CaptureReader(CaptureFiles.Source(file.bytes + other.bytes))
    var texts: [String?] = []
    var times: [Int64] = []
    while let frame = try reader.next() {
      texts.append(try? frame.packet().payload.text)
      times.append(frame.time)
    }
    #expect(texts == ["old", "simple", "big"])
    #expect(times == [7_000, 7_000, 1_000_000_005])
    #expect(reader.names == [IPAddress(ipv4: 0x0A00_0001): "alice"])
  }

  /// A file of 64 GB, of which only what is asked for exists.
  @Test func aGiganticFileIsReadInConstantMemory() throws {
    let head = FileBytes.pcapng([])
    var skipped = FileBytes(little: true)
    let gigantic = 1 << 31
    skipped.add(0xBAD, 4)
    skipped.add(UInt64(gigantic), 4)
    var trailer = FileBytes(little: true)
    trailer.add(UInt64(gigantic), 4)
    let (begin, end) = (skipped.bytes, trailer.bytes)
    let blocks = 32
    let asked = Largest()
    let source = CaptureFiles.Source(size: head.count + blocks * gigantic) {
      offset, count throws(CaptureFiles.Failure) in
      asked.note(count)
      if offset == 0 { return head }
      let place = (offset - head.count) % gigantic
      if place == gigantic - 4 { return end }
      return begin + [0, 0, 0, 0]
    }
    var reader = try CaptureReader(source)
    #expect(try reader.next() == nil)
    #expect(asked.value <= 1 << 18)
  }

  /// What Wireshark's own tools write is read: each of their formats with the same packets.
  @Test(
    .enabled(if: Program.path(of: "editcap") != nil, "editcap is missing"), arguments: ["pcap", "nsecpcap", "pcapng"])
  func whatEditcapWritesIsRead(format: String) throws {
    let folder = try Folder()
    _ = try folder.natsh("scene one-home\ncapture x.pcapng\nping alice bob\nsend alice bob hi\nrun\n")
    let (from, to) = (folder.file("x.pcapng"), folder.file("y"))
    let paths = [from, to].map { $0.path(percentEncoded: false) }
    #expect(try Program.run("editcap", ["-F", format] + paths).status == 0)
    let own = readAll(try Array(Data(contentsOf: from)))
    let theirs = readAll(try Array(Data(contentsOf: to)))
    #expect(own.fault == nil && theirs.fault == nil)
    #expect(own.frames.count == 9)
    #expect(own.frames.map { try? $0.packet() } == theirs.frames.map { try? $0.packet() })
    #expect(own.frames.map(\.time) == theirs.frames.map(\.time))
  }
}

/// The largest number that was noted.
private final class Largest: @unchecked Sendable {
  private let lock = NSLock()
  private var largest = 0
  var value: Int { lock.withLock { largest } }
  func note(_ number: Int) { lock.withLock { largest = max(largest, number) } }
}
