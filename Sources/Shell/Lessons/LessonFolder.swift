// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Where lessons are.
public enum LessonFolder {
  /// The folder asked for, else `NATSH_LESSONS`, `./lessons` or `PREFIX/share/natsh/lessons`, where PREFIX/bin/natsh is
  /// the program; nil if none of them exists.
  public static func find(_ asked: String?) -> String? {
    if let asked { return asked }
    if let named = Environment["NATSH_LESSONS"], !named.isEmpty { return named }
    if SystemLessonFiles.isFolder("lessons") { return "lessons" }
    guard let installed = shared.map({ $0 + "/lessons" }) else { return nil }
    return SystemLessonFiles.isFolder(installed) ? installed : nil
  }

  /// The folder of what is installed with the program, `PREFIX/share/natsh`, whether or not it exists.
  static var shared: String? {
    program.map { WholeFile.folder(of: WholeFile.folder(of: $0)) + "/share/natsh" }
  }

  private static var program: String? {
    #if canImport(Darwin)
      var size: UInt32 = 4_096
      var path = [CChar](repeating: 0, count: Int(size))
      guard _NSGetExecutablePath(&path, &size) == 0 else { return nil }
      return path.withUnsafeBufferPointer { $0.baseAddress.flatMap { SystemLessonFiles.realPath(String(cString: $0)) } }
    #else
      return SystemLessonFiles.realPath("/proc/self/exe")
    #endif
  }
}
