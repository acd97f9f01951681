// SPDX-License-Identifier: GPL-3.0-or-later

import Capture
import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A capture's file as it is being written: whole blocks only, whatever happens.
struct CaptureFile: ~Copyable {
  enum Failure: Error {
    case system(SystemError)
    case unusablePath
    case folder
    /// There is something of that name that is not a capture.
    case notACapture
    case noReader
    /// Only so many bytes and packets of the blocks have been kept.
    case cut(SystemError, packets: Int)
  }

  /// How long a pipe's reader may take nothing, in milliseconds.
  private static let patience: Int32 = 5_000

  private let descriptor: Int32
  /// The file's length; nil for a pipe, which cannot be cut back.
  private var length: Int?
  /// Whether another capture had the name.
  let hasReplaced: Bool

  /// Begins a new file. An older capture is replaced; anything else of that name is left alone.
  init(_ path: String) throws(Failure) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .unusablePath }
    // Without O_NONBLOCK, opening a named pipe waits for a reader, and Ctrl-C would not end the wait.
    let descriptor = retryingInterrupted { open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NONBLOCK, 0o666) }
    if descriptor >= 0 {
      (self.descriptor, length, hasReplaced) = (descriptor, 0, false)
      return
    }
    guard errno == EEXIST else { throw .system(.last) }
    (self.descriptor, length, hasReplaced) = try Self.openExisting(path)
  }

  deinit { close(descriptor) }

  private static func openExisting(_ path: String) throws(Failure) -> (Int32, Int?, Bool) {
    var status = stat()
    guard stat(path, &status) == 0 else { throw .system(.last) }
    if status.st_mode & S_IFMT == S_IFDIR { throw .folder }
    let isFile = status.st_mode & S_IFMT == S_IFREG
    let descriptor = retryingInterrupted {
      open(path, (isFile ? O_RDWR : O_WRONLY) | O_CLOEXEC | O_NONBLOCK)
    }
    guard descriptor >= 0 else { throw errno == ENXIO ? .noReader : .system(.last) }
    guard isFile else { return (descriptor, nil, false) }
    var beginning = [UInt8](repeating: 0, count: 4)
    let count = retryingInterrupted { pread(descriptor, &beginning, 4, 0) }
    guard status.st_size == 0 || count == 4 && CaptureFormat(beginning: beginning) != nil else {
      close(descriptor)
      throw .notACapture
    }
    guard ftruncate(descriptor, 0) == 0 else {
      let error = SystemError.last
      close(descriptor)
      throw .system(error)
    }
    return (descriptor, 0, status.st_size > 0)
  }

  /// Appends blocks.
  ///
  /// - Throws: ``Failure/cut(_:packets:)`` if not all of them could be written; the file ends with the last whole block.
  mutating func append(_ blocks: [UInt8]) throws(Failure) {
    // A pipe whose reader has gone ends the capture, and not the program.
    let handler = length == nil ? signal(SIGPIPE, SIG_IGN) : nil
    defer { if length == nil { signal(SIGPIPE, handler) } }
    var written = 0
    let refusal: SystemError? = blocks.withUnsafeBytes { bytes in
      while written < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
        let count = retryingInterrupted { write(descriptor, rest.baseAddress, rest.count) }
        if count >= 0 {
          written += count
        } else if errno == EAGAIN {
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          // A reader that is alive but has stopped reading must not stop the shell.
          if poll(&waiting, 1, Self.patience) == 0 { return SystemError(code: EAGAIN) }
        } else {
          return .last
        }
      }
      return nil
    }
    guard let refusal else {
      length = length.map { $0 + blocks.count }
      return
    }
    let whole = TrafficCapture.whole(blocks, upTo: written)
    if let length { _ = ftruncate(descriptor, off_t(length + whole.bytes)) }
    throw .cut(refusal, packets: whole.packets)
  }
}

extension CaptureFile.Failure {
  /// The reason, after a colon.
  var reason: String {
    switch self {
    case .system(let error), .cut(let error, _):
      [EPIPE, EAGAIN].contains(error.code) ? said("nothing reads from it any more") : error.reason
    case .unusablePath: said("that is not a file name")
    case .folder: said("it is a folder; name a file in it")
    case .notACapture: said("there is a file of that name that is not a capture; choose another name")
    case .noReader: said("it is a pipe that nothing reads from")
    }
  }
}
