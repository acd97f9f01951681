// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Writing several files of one folder, all or none, and never over a file that natsh did not write.
struct OwnFolder {
  enum Failure: Error {
    case unusablePath
    /// The path leads to a file.
    case notAFolder
    case missingFolder(String)
    /// A file of that name is there, and natsh did not write it.
    case foreignFile(String)
    case system(String, SystemError)
    /// Whoever waits for it stopped it.
    case interrupted
  }

  private let path: String
  private var isNew = false
  /// New files under temporary names.
  private var staged: [(temporary: String, name: String)] = []
  /// Old files that were moved out of the way.
  private var aside: [(temporary: String, name: String)] = []
  private var placed: [String] = []
  /// Old files moved aside by an export that was then killed.
  private var leftovers: [String] = []

  private static let asideLead = ".natsh-before-"

  private init(_ path: String) {
    self.path = path
  }

  /// Puts the files into the folder at `path`, which is made if it is missing. Files that natsh wrote there before are
  /// replaced; whatever else is there stays.
  ///
  /// - Parameter goesOn: asked with the number of files written; false stops it, and then the folder is as it was.
  static func write(
    _ files: [NetworkExport.File], to path: String, while goesOn: (_ done: Int) -> Bool = { _ in true }
  ) throws(Failure) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .unusablePath }
    var folder = OwnFolder(path)
    do throws(Failure) {
      try folder.prepare()
      let own = try folder.ownNames(replacing: files.map(\.name))
      for (number, file) in files.enumerated() {
        guard goesOn(number) else { throw .interrupted }
        try folder.stage(file)
      }
      for name in own { try folder.moveAside(name) }
      for (temporary, name) in folder.staged { try folder.place(temporary, name) }
    } catch {
      folder.rollBack()
      throw error
    }
    for (temporary, _) in folder.aside { unlink(temporary) }
    for name in folder.leftovers { unlink(folder.file(name)) }
  }

  private func file(_ name: String) -> String { path.utf8.last == UInt8(ascii: "/") ? path + name : "\(path)/\(name)" }

  private mutating func prepare() throws(Failure) {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw .notAFolder }
      return
    }
    guard errno == ENOENT else { throw .system(path, .last) }
    var trimmed = path
    while trimmed.utf8.count > 1, trimmed.utf8.last == UInt8(ascii: "/") { trimmed.removeLast() }
    let parent = WholeFile.folder(of: trimmed)
    guard access(parent, F_OK) == 0 else { throw .missingFolder(parent) }
    guard mkdir(path, 0o777) == 0 else { throw .system(path, .last) }
    isNew = true
  }

  /// The files there that natsh wrote.
  private mutating func ownNames(replacing names: [String]) throws(Failure) -> [String] {
    PassingFile.sweep(path, of: .export)
    guard let folder = opendir(path) else { throw .system(path, .last) }
    defer { closedir(folder) }
    var own: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name == "." || name == ".." { continue }
      if Self.isOwn(file(name)) {
        if name.hasPrefix(Self.asideLead) { leftovers.append(name) } else { own.append(name) }
      } else if names.contains(name) {
        throw .foreignFile(name)
      }
    }
    return own.sorted()
  }

  /// Whether a file contains the words that begin every file of natsh's own.
  private static func isOwn(_ path: String) -> Bool {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return false }
    return String(decoding: bytes[..<count], as: UTF8.self).contains("\(NetworkExport.mark) ")
  }

  private mutating func stage(_ file: NetworkExport.File) throws(Failure) {
    let temporary: String
    let descriptor: Int32
    do throws(SystemError) {
      (temporary, descriptor) = try PassingFile.make(in: path, for: .export)
    } catch {
      throw .system(path, error)
    }
    staged.append((temporary, file.name))
    defer { close(descriptor) }
    do throws(SystemError) {
      let mask = umask(0)
      umask(mask)
      guard fchmod(descriptor, (file.isExecutable ? 0o777 : 0o666) & ~mask) == 0 else { throw .last }
      try writeAll(file.text, to: descriptor)
      guard fsync(descriptor) == 0 else { throw .last }
    } catch {
      throw .system(file.name, error)
    }
  }

  private mutating func moveAside(_ name: String) throws(Failure) {
    let temporary = file("\(Self.asideLead)\(getpid())-\(aside.count)")
    guard rename(file(name), temporary) == 0 else { throw .system(name, .last) }
    aside.append((temporary, name))
  }

  private mutating func place(_ temporary: String, _ name: String) throws(Failure) {
    guard rename(temporary, file(name)) == 0 else { throw .system(name, .last) }
    placed.append(name)
  }

  /// Restores the folder to its earlier state.
  private func rollBack() {
    for name in placed { unlink(file(name)) }
    for (temporary, _) in staged { unlink(temporary) }
    for (temporary, name) in aside { rename(temporary, file(name)) }
    if isNew { rmdir(path) }
  }
}
