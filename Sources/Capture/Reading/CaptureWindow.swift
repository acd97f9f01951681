// SPDX-License-Identifier: GPL-3.0-or-later

/// A piece of a file in memory, from which numbers are read in either byte order.
struct CaptureWindow: Sendable {
  private let source: CaptureFiles.Source
  private var bytes: ArraySlice<UInt8> = []
  /// The file's offset of the first byte in memory.
  private var start = 0
  var isLittleEndian = false

  /// So much is read at a time.
  private static let piece = 1 << 18

  init(_ source: CaptureFiles.Source) { self.source = source }

  var size: Int { source.size }

  /// The bytes at an offset, as many as there are up to `count`.
  mutating func bytes(at offset: Int, _ count: Int) throws(CaptureFault) -> ArraySlice<UInt8> {
    if offset < start || offset + count > start + bytes.count {
      do throws(CaptureFiles.Failure) {
        bytes = try source.bytes(offset, max(count, Self.piece))[...]
      } catch {
        throw CaptureFault(problem: .unreadable(error.reason), offset: offset)
      }
      start = offset
    }
    let from = bytes.startIndex + (offset - start)
    return bytes[from..<min(from + count, bytes.endIndex)]
  }

  /// A number at a place in bytes, which must have it.
  func number(_ bytes: ArraySlice<UInt8>, at offset: Int, bytes count: Int) -> UInt64 {
    let part = bytes.dropFirst(offset).prefix(count)
    return isLittleEndian
      ? part.reversed().reduce(0) { $0 << 8 | UInt64($1) } : part.reduce(0) { $0 << 8 | UInt64($1) }
  }

  func word(_ bytes: ArraySlice<UInt8>, at offset: Int) -> Int { Int(number(bytes, at: offset, bytes: 2)) }

  func long(_ bytes: ArraySlice<UInt8>, at offset: Int) -> Int { Int(number(bytes, at: offset, bytes: 4)) }
}
