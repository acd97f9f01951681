// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The user's shell with a prompt that names the host.
struct ShellInPlace {
  let words: [String]
  let environment: [String: String]

  init(of host: String) {
    let shell = getenv("SHELL").map { String(cString: $0) } ?? ""
    words = [shell.isEmpty ? "/bin/sh" : shell]
    // bash sets its prompt in ~/.bashrc, after which it runs this, once.
    environment = [
      "PS1": "(\(host)) $ ", "PROMPT_COMMAND": "PS1='(\(host)) \\w \\$ '; unset PROMPT_COMMAND",
    ]
  }
}
