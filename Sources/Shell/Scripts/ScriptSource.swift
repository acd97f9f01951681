// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Where commands come from: gives messages a name and relative paths their folder.
public struct ScriptSource: Sendable {
  /// A file's identity, whatever it is called.
  struct Identity: Hashable, Sendable {
    var device: UInt64
    var node: UInt64
  }

  /// The name in messages: a path as given, `<stdin>`, `-c`.
  public var name: String
  /// The folder against which its relative paths are tried first; nil for the current folder alone.
  var folder: String?
  /// Whether `load` reads it, which runs all of its commands or none.
  var isLoaded = false
  /// The files being read, the outermost first, this one last.
  var chain: [(identity: Identity, name: String)] = []

  public static let standardInput = ScriptSource(name: "<stdin>")
  public static let commandLine = ScriptSource(name: "-c")
  /// Lines typed at the terminal.
  public static let terminal = ScriptSource(name: "<stdin>")

  /// How deep scripts may load scripts.
  static let deepest = 16
  /// Bytes in the largest file that is loaded.
  static let largest = 64 << 20
}

/// A script's file, open for reading.
struct OpenScript: ~Copyable {
  enum Failure: Error {
    case system(SystemError)
    /// Not a file, nor, for the program's own script, anything else that can be read.
    case noFile
    case folder
    case tooLarge
    case unusablePath
    /// The file is being loaded already: the names from its first loading to this one.
    case ring([String])
    case tooDeep
  }

  let descriptor: Int32
  let source: ScriptSource

  /// Opens the script that `parent` loads.
  ///
  /// A relative path is looked up beside the script that names it, then in the current folder, so that a script finds
  /// its companions from anywhere, and finds what it saved.
  init(_ path: String, from parent: ScriptSource, mayBePipe: Bool = false) throws(Failure) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .unusablePath }
    var candidates = [Self.expandingHome(path)]
    if let folder = parent.folder, !candidates[0].utf8.starts(with: "/".utf8) {
      candidates.insert(folder + "/" + candidates[0], at: 0)
    }
    // Without O_NONBLOCK, opening a named pipe waits for someone to write to it.
    let flags = O_RDONLY | O_CLOEXEC | (mayBePipe ? 0 : O_NONBLOCK)
    var opened: Int32 = -1
    var found = path
    for candidate in candidates where opened < 0 {
      opened = retryingInterrupted { open(candidate, flags) }
      found = candidate
      if opened < 0, errno != ENOENT { break }
    }
    guard opened >= 0 else { throw .system(.last) }
    do throws(Failure) {
      source = try Self.source(of: opened, named: path, at: found, from: parent, mayBePipe: mayBePipe)
    } catch {
      close(opened)
      throw error
    }
    descriptor = opened
  }

  deinit { close(descriptor) }

  private static func source(
    of descriptor: Int32, named name: String, at path: String, from parent: ScriptSource, mayBePipe: Bool
  ) throws(Failure) -> ScriptSource {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(.last) }
    let kind = status.st_mode & S_IFMT
    if kind == S_IFDIR { throw .folder }
    if kind != S_IFREG, !mayBePipe { throw .noFile }
    if kind == S_IFREG, status.st_size > ScriptSource.largest { throw .tooLarge }
    let identity = ScriptSource.Identity(device: UInt64(status.st_dev), node: UInt64(status.st_ino))
    if let first = parent.chain.firstIndex(where: { $0.identity == identity }) {
      throw .ring(parent.chain[first...].map(\.name) + [name])
    }
    if parent.chain.count >= ScriptSource.deepest { throw .tooDeep }
    return ScriptSource(
      name: name, folder: WholeFile.folder(of: path), chain: parent.chain + [(identity: identity, name: name)])
  }

  /// `~/x` with the home folder in place of the tilde, as shells have taught everyone.
  static func expandingHome(_ path: String) -> String {
    guard path == "~" || path.utf8.starts(with: "~/".utf8), let home = Environment["HOME"], !home.isEmpty else {
      return path
    }
    return home + path.dropFirst()
  }
}
