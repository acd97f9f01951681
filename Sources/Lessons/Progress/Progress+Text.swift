// SPDX-License-Identifier: GPL-3.0-or-later

/// Progress as the lines of a file: `who-are-you at=3 done=1,2 hints=2:1 skipped= shown= finished=no`.
extension Progress {
  private static let header = "# natsh progress 1"
  /// More lessons than anybody has are no progress of a learner's.
  private static let mostEntries = 10_000

  /// Reads the file's text. A line that cannot be read, such as one that a crash has cut, is passed over.
  public init(text: String) {
    self.init()
    for line in text.split(separator: "\n").prefix(Self.mostEntries) where !line.hasPrefix("#") {
      let words = line.split(separator: " ")
      guard let id = words.first, FrontMatterReader.isID(String(id)) else { continue }
      var entry = Entry()
      for word in words.dropFirst() {
        let parts = word.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2 else { continue }
        switch parts[0] {
        case "at": entry.step = Self.step(parts[1]) ?? 1
        case "done": entry.done = Self.steps(parts[1])
        case "skipped": entry.skipped = Self.steps(parts[1])
        case "shown": entry.shown = Self.steps(parts[1])
        case "hints":
          for pair in parts[1].split(separator: ",") {
            let numbers = pair.split(separator: ":").compactMap { Self.step($0) }
            if numbers.count == 2 { entry.hints[numbers[0]] = numbers[1] }
          }
        case "finished": entry.isFinished = parts[1] == "yes"
        default: continue
        }
      }
      setEntry(entry, of: String(id))
    }
  }

  private static func step(_ text: some StringProtocol) -> Int? {
    Int(text).flatMap { (1...100_000).contains($0) ? $0 : nil }
  }

  private static func steps(_ text: some StringProtocol) -> Set<Int> {
    Set(text.split(separator: ",").compactMap { step($0) })
  }

  /// The file's text.
  public var text: String {
    func list(_ steps: Set<Int>) -> String { steps.sorted().map(String.init).joined(separator: ",") }
    let lines = entries.sorted { $0.key < $1.key }.map { id, entry in
      let hints = entry.hints.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: ",")
      return "\(id) at=\(entry.step) done=\(list(entry.done)) hints=\(hints) skipped=\(list(entry.skipped)) "
        + "shown=\(list(entry.shown)) finished=\(entry.isFinished ? "yes" : "no")"
    }
    return ([Self.header] + lines).map { $0 + "\n" }.joined()
  }
}
