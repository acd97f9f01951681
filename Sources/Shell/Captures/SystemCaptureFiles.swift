// SPDX-License-Identifier: GPL-3.0-or-later

import Capture

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file of packets that is open for reading, however large it is.
private final class OpenCaptureFile: Sendable {
  private let descriptor: Int32
  let size: Int

  init(_ path: String) throws(CaptureFiles.Failure) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw CaptureFiles.Failure(reason: "that is not a file name")
    }
    let path = OpenScript.expandingHome(path)
    // Without O_NONBLOCK, opening a named pipe waits for someone to write to it.
    descriptor = retryingInterrupted { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else { throw CaptureFiles.Failure(reason: SystemError.last.reason) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      size = 0
      throw CaptureFiles.Failure(reason: SystemError.last.reason)
    }
    size = Int(status.st_size)
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw CaptureFiles.Failure(reason: "it is a folder")
    default: throw CaptureFiles.Failure(reason: "it is not a file")
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func bytes(at offset: Int, _ count: Int) throws(CaptureFiles.Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var read = 0
    while read < count {
      let more = bytes.withUnsafeMutableBytes { buffer in
        retryingInterrupted {
          pread(descriptor, buffer.baseAddress.map { $0 + read }, count - read, off_t(offset + read))
        }
      }
      guard more >= 0 else { throw CaptureFiles.Failure(reason: SystemError.last.reason) }
      if more == 0 { break }
      read += more
    }
    bytes.removeLast(count - read)
    return bytes
  }
}

extension CaptureFiles {
  /// The machine's own files.
  public static let system = CaptureFiles { path throws(Failure) in
    let file = try OpenCaptureFile(path)
    return Source(size: file.size) { offset, count throws(Failure) in try file.bytes(at: offset, count) }
  }
}
