// SPDX-License-Identifier: GPL-3.0-or-later

/// The targets of a manifest in their order, the lowest first, with their dependencies.
struct PackageTargets {
  var names: [String] = []
  var dependencies: [String: [String]] = [:]

  init(manifest: String) {
    // A target's declaration runs up to the next one.
    for part in manifest.split(separator: /\.(?=(?:target|executableTarget|systemLibrary|testTarget|plugin|macro)\()/)
      .dropFirst(manifest.hasPrefix(".") ? 0 : 1)
    {
      guard !part.hasPrefix("testTarget"), let name = part.firstMatch(of: /name:\s*"(\w+)"/)?.1 else { continue }
      if part.contains("path: \"Tests/") { continue }
      names.append(String(name))
      guard let list = part.firstMatch(of: /dependencies:\s*\[((?s).*)/)?.1 else { continue }
      dependencies[String(name)] = list.matches(of: /"(\w+)"/).map { String($0.1) }
    }
  }

  /// Each dependency that points up.
  var findings: [String] {
    names.enumerated().flatMap { height, name in
      (dependencies[name] ?? []).filter { names[height...].contains($0) }
        .map { "\(name) depends on \($0), which is above it" }
    }
  }
}
