// SPDX-License-Identifier: GPL-3.0-or-later

/// Access to files for lessons. The outer layer provides the functions; nothing here touches a file itself.
public struct LessonFiles: Sendable {
  /// Bytes in the largest lesson that is read.
  package static let largest = 1 << 20

  public struct Failure: Error, Hashable, Sendable {
    public var message: String

    public init(message: String) {
      self.message = message
    }
  }

  /// The bytes of a regular file, if it has no more than that many.
  package let bytes: @Sendable (_ path: String, _ limit: Int) throws(Failure) -> [UInt8]
  /// The names of the Markdown files in a folder, in order, README.md left out.
  package let markdownNames: @Sendable (_ folder: String) throws(Failure) -> [String]
  /// The names of the scripts in a folder, in order.
  package let scriptNames: @Sendable (_ folder: String) throws(Failure) -> [String]
  /// The same as `bytes`, except that a symbolic link is a failure.
  package let unfollowedBytes: @Sendable (_ path: String, _ limit: Int) throws(Failure) -> [UInt8]
  package let isFolder: @Sendable (_ path: String) -> Bool
  /// Whether a file is a symbolic link to somewhere outside its own folder.
  package let leadsOut: @Sendable (_ path: String) -> Bool
  /// The path without symbolic links; nil if nothing is there.
  package let realPath: @Sendable (_ path: String) -> String?

  public init(
    bytes: @escaping @Sendable (_ path: String, _ limit: Int) throws(Failure) -> [UInt8],
    markdownNames: @escaping @Sendable (_ folder: String) throws(Failure) -> [String],
    isFolder: @escaping @Sendable (_ path: String) -> Bool, leadsOut: @escaping @Sendable (_ path: String) -> Bool,
    realPath: @escaping @Sendable (_ path: String) -> String?,
    scriptNames: @escaping @Sendable (_ folder: String) throws(Failure) -> [String] = { _ in [] },
    unfollowedBytes: (@Sendable (_ path: String, _ limit: Int) throws(Failure) -> [UInt8])? = nil
  ) {
    self.scriptNames = scriptNames
    self.unfollowedBytes = unfollowedBytes ?? bytes
    self.bytes = bytes
    self.markdownNames = markdownNames
    self.isFolder = isFolder
    self.leadsOut = leadsOut
    self.realPath = realPath
  }

  /// The folder part of a path; `.` if there is none.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path.
  package static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// A folder as somebody has named it, without the slash at its end.
  package static func folder(given path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// The path of what is called `name` in `folder`.
  package static func path(of name: String, in folder: String) -> String {
    folder == "." ? name : folder + "/" + name
  }

  /// Whether there is anything of that name.
  public func isThere(_ path: String) -> Bool { realPath(path) != nil }
}
