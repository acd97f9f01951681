// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

/// `replay`: what of the capture was sent. `{"replay": {"file": "x.pcap", "host": "alice", "sent": 12, "skipped":
/// [{"why": "not-ip", "packets": 3}], "damage": null}}`.
struct ReplayReport: ResultContent {
  var file: String
  var host: String
  var sent: Int
  var skipped: SkippedFrames
  var damage: CaptureFault?
  var wasStopped: Bool

  init(file: String, host: String, _ replay: Replay) {
    self.file = file
    self.host = host
    sent = replay.sent
    skipped = replay.skipped
    damage = replay.damage
    wasStopped = replay.wasStopped
  }

  private enum CodingKeys: String, CodingKey { case replay }
  private enum ReplayKeys: String, CodingKey { case file, host, sent, skipped, stopped, damage }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var replay = container.nestedContainer(keyedBy: ReplayKeys.self, forKey: .replay)
    try replay.encode(file, forKey: .file)
    try replay.encode(host, forKey: .host)
    try replay.encode(sent, forKey: .sent)
    try replay.encode(skipped.json, forKey: .skipped)
    try replay.encode(wasStopped, forKey: .stopped)
    try replay.encode(damage.map(DamageJSON.init), forKey: .damage)
  }
}

/// Frames of which nothing was made, in JSON.
struct SkippedJSON: Encodable {
  var why: String
  var words: String
  var packets: Int
}

extension SkippedFrames {
  var json: [SkippedJSON] { reasons.map { SkippedJSON(why: $0.word, words: $0.words, packets: $0.count) } }
}

/// Where and why a file could not be read on, in JSON.
struct DamageJSON: Encodable {
  var offset: Int
  var kind: String
  var message: String

  init(_ fault: CaptureFault) {
    (offset, kind, message) = (fault.offset, fault.word, fault.message)
  }
}

extension ReplayReport: TextRenderable {
  func text(style: TextStyle) -> String {
    var page = Page(style: style)
    let ending = wasStopped ? said(", then it was stopped") : ""
    page.add(said("\(host, .name) has sent \(Count.of(sent, "packet")) of '\(file)'\(ending)."), hanging: 2)
    page.add(skipped, said("Not sent:"))
    if let damage {
      page.add(said("The rest of the file cannot be read: \(damage.message)."), hanging: 2)
    }
    return page.text
  }
}

extension Page {
  /// Adds what of a capture was not used, a line for each reason.
  mutating func add(_ skipped: SkippedFrames, _ lead: String) {
    for reason in skipped.reasons {
      add("\(lead, .faint) \(Count.of(reason.count, "packet")) \(reason.words).", indent: 2, hanging: 4)
    }
  }
}
