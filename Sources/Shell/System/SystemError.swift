// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A failed system call.
public struct SystemError: Error, Hashable {
  /// `errno`.
  public var code: Int32

  /// The failure of the call that has just failed on this thread.
  package static var last: SystemError { SystemError(code: errno) }

  /// Whether a file that was to be made already exists.
  var isAlreadyThere: Bool { code == EEXIST }

  public init(code: Int32) { self.code = code }

  /// Whether something that was to be there is not.
  package var isAbsence: Bool { code == ENOENT || code == ENODEV || code == ENXIO }
  /// Whether the system would do it for others, or at another time.
  package var isRefusal: Bool { code == EPERM || code == EACCES || code == ENOSPC || code == EUSERS }

  public static let addressInUse = SystemError(code: EADDRINUSE)
  public static let notAllowed = SystemError(code: EACCES)
  /// There is no home folder to keep anything in.
  package static let nowhere = SystemError(code: ENOENT)

  /// Its meaning to someone who has never seen `errno`.
  public var reason: String {
    switch code {
    case ENOENT: said("there is no such file or folder")
    case EACCES, EPERM: said("you have no permission")
    case EISDIR: said("it is a folder")
    case ENOTDIR: said("a part of the path is a file, not a folder")
    case ENOSPC, EDQUOT: said("the disk is full")
    case EROFS: said("the disk is read-only")
    case EFBIG: said("the file is larger than is allowed here")
    case ENAMETOOLONG: said("the name is too long")
    case ELOOP: said("its symbolic links form a loop")
    case EWOULDBLOCK: said("another program has it locked")
    case EMFILE, ENFILE: said("too many files are open")
    default: String(cString: strerror(code))
    }
  }
}

/// Repeats the call until it is not interrupted by a signal.
package func retryingInterrupted<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}

/// Reads to the end, or until there are more than `limit` bytes.
package func readAll(from descriptor: Int32, atMost limit: Int = .max) throws(SystemError) -> [UInt8] {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while bytes.count <= limit {
    let count = retryingInterrupted { read(descriptor, &chunk, chunk.count) }
    if count < 0 { throw .last }
    if count == 0 { break }
    bytes += chunk[..<count]
  }
  return bytes
}

/// Writes the whole text.
func writeAll(_ text: String, to descriptor: Int32) throws(SystemError) {
  var text = text
  let refusal: SystemError? = text.withUTF8 { bytes in
    var rest = UnsafeRawBufferPointer(bytes)
    while !rest.isEmpty {
      let written = retryingInterrupted { write(descriptor, rest.baseAddress, rest.count) }
      if written >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      } else if errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&waiting, 1, -1)
      } else {
        return .last
      }
    }
    return nil
  }
  if let refusal { throw refusal }
}
