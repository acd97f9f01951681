// SPDX-License-Identifier: GPL-3.0-or-later

/// Access to files of packets. The outer layer provides the functions; nothing here touches a file itself.
public struct CaptureFiles: Sendable {
  /// Why a file could not be opened or read.
  public struct Failure: Error, Hashable, Sendable {
    public var reason: String

    public init(reason: String) {
      self.reason = reason
    }
  }

  /// A file that is open.
  public struct Source: Sendable {
    /// Its bytes when it was opened.
    package let size: Int
    /// The bytes from an offset on, at most so many; fewer at the end.
    package let bytes: @Sendable (_ offset: Int, _ count: Int) throws(Failure) -> [UInt8]

    public init(size: Int, bytes: @escaping @Sendable (_ offset: Int, _ count: Int) throws(Failure) -> [UInt8]) {
      self.size = size
      self.bytes = bytes
    }

    /// Bytes that are there already.
    package init(_ contents: [UInt8]) {
      self.init(size: contents.count) { offset, count throws(Failure) in
        Array(contents[min(offset, contents.count)..<min(offset + count, contents.count)])
      }
    }
  }

  /// Opens a regular file.
  package let open: @Sendable (_ path: String) throws(Failure) -> Source

  public init(open: @escaping @Sendable (_ path: String) throws(Failure) -> Source) {
    self.open = open
  }
}
