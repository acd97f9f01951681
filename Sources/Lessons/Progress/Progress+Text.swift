// SPDX-License-Identifier: GPL-3.0-or-later

/// Progress as the lines of a file: `who-are-you at=3 done=1,2 hints=2:1 skipped= shown= finished=no`, and if there is
/// more to record, `misses=2:3 mistakes=2:77.77 choices=1:3.2 right=1 given=`.
extension Progress {
  private static let header = "# natsh progress 1"
  /// Begins the line of the lesson that the learner was in last; no lesson can have that name.
  private static let latestMark = "@latest"
  /// Nobody has more lessons than this; a longer file is not progress.
  private static let mostEntries = 10_000

  /// Reads the file's text. A line that cannot be read, such as one that a crash has cut, is passed over.
  public init(text: String) {
    self.init()
    for line in text.split(separator: "\n").prefix(Self.mostEntries) where !line.hasPrefix("#") {
      let words = line.split(separator: " ")
      guard let id = words.first else { continue }
      if id == Self.latestMark, words.count == 2, FrontMatterReader.isID(String(words[1])) {
        latest = String(words[1])
      }
      guard FrontMatterReader.isID(String(id)) else { continue }
      var entry = Entry()
      for word in words.dropFirst() {
        let parts = word.split(separator: "=", omittingEmptySubsequences: false)
        if parts.count == 2 { entry.read(parts[1], of: parts[0]) }
      }
      setEntry(entry, of: String(id))
    }
  }

  /// The file's text.
  public var text: String {
    let lines = entries.sorted { $0.key < $1.key }.map { id, entry in "\(id) \(entry.text)" }
    let last = latest.map { ["\(Self.latestMark) \($0)"] } ?? []
    return ([Self.header] + last + lines).map { $0 + "\n" }.joined()
  }
}

extension Progress.Entry {
  fileprivate mutating func read(_ text: Substring, of key: Substring) {
    switch key {
    case "at": step = Self.number(text) ?? 1
    case "finished": isFinished = text == "yes"
    case "done": mark(text, \.isDone)
    case "skipped": mark(text, \.wasSkipped)
    case "shown": mark(text, \.sawSolution)
    case "right": mark(text, \.isRight)
    case "given": mark(text, \.sawAnswer)
    case "hints": for (step, numbers) in Self.lists(text) { self[step].hints = numbers[0] }
    case "misses": for (step, numbers) in Self.lists(text) { self[step].misses = numbers[0] }
    case "mistakes": for (step, numbers) in Self.lists(text) { self[step].mistakes = numbers }
    case "choices": for (step, numbers) in Self.lists(text) { self[step].choices = numbers }
    default: return
    }
  }

  private subscript(step: Int) -> StepMarks {
    get { steps[step] ?? StepMarks() }
    set { steps[step] = newValue }
  }

  private mutating func mark(_ text: Substring, _ mark: WritableKeyPath<StepMarks, Bool>) {
    for step in text.split(separator: ",").compactMap(Self.number) { self[step][keyPath: mark] = true }
  }

  private static func number(_ text: Substring) -> Int? {
    Int(text).flatMap { (1...100_000).contains($0) ? $0 : nil }
  }

  /// `2:77.77,4:1`: steps, each with its numbers, at least one.
  private static func lists(_ text: Substring) -> [(step: Int, numbers: [Int])] {
    text.split(separator: ",").compactMap { pair in
      let parts = pair.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2, let step = number(parts[0]) else { return nil }
      let words = parts[1].split(separator: ".")
      let numbers = words.prefix(StepMarks.most).compactMap(number)
      return numbers.isEmpty || numbers.count < min(words.count, StepMarks.most) ? nil : (step, numbers)
    }
  }

  fileprivate var text: String {
    func steps(_ isSo: (StepMarks) -> Bool) -> String {
      self.steps(where: isSo).map(String.init).joined(separator: ",")
    }
    func lists(_ numbers: (StepMarks) -> [Int]) -> String {
      self.steps.sorted { $0.key < $1.key }.compactMap { step, marks in
        let numbers = numbers(marks)
        return numbers.isEmpty ? nil : "\(step):" + numbers.map(String.init).joined(separator: ".")
      }.joined(separator: ",")
    }
    let always = [
      "at=\(step)", "done=\(steps(\.isDone))", "hints=\(lists { $0.hints > 0 ? [$0.hints] : [] })",
      "skipped=\(steps(\.wasSkipped))", "shown=\(steps(\.sawSolution))", "finished=\(isFinished ? "yes" : "no")",
    ]
    let more = [
      ("misses", lists { $0.misses > 0 ? [$0.misses] : [] }), ("mistakes", lists(\.mistakes)),
      ("choices", lists(\.choices)), ("right", steps(\.isRight)), ("given", steps(\.sawAnswer)),
    ]
    return (always + more.filter { !$0.1.isEmpty }.map { "\($0.0)=\($0.1)" }).joined(separator: " ")
  }
}
