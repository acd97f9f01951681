// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// One run of the executable without a terminal.
struct ScriptProcess {
  var status: Int32
  var output: String
  var errors: String

  /// Runs natsh in `folder` with `input` on its standard input, to its end.
  init(
    _ arguments: [String], input: [UInt8] = [], in folder: TestFolder, environment: [String: String] = [:],
    output: String? = nil
  ) throws {
    let own = TestFolder()
    own.write(input, to: "in")
    var variables = ["PATH": "/usr/bin:/bin", "HOME": own.path, "TERM": "xterm"]
    variables.merge(environment) { $1 }
    let create = O_WRONLY | O_CREAT | O_TRUNC
    let process = try Executable.startLock.withLock { _ in
      try Executable.start(
        [Executable.path] + arguments, environment: variables,
        redirections: [
          .file("\(own.path)/in", flags: O_RDONLY),
          .file(output ?? "\(own.path)/out", flags: output == nil ? create : O_WRONLY),
          .file("\(own.path)/err", flags: create),
        ], folder: folder.path)
    }
    status = Executable.end(of: process)
    self.output = own.text(of: "out") ?? ""
    errors = own.text(of: "err") ?? ""
  }

  init(_ arguments: [String], input: String, in folder: TestFolder) throws {
    try self.init(arguments, input: Array(input.utf8), in: folder)
  }
}
