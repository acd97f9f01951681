// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import Rendering
import Wording

extension HopReport {
  /// The hop in a sentence, for speakers who cannot point at the picture.
  var sentence: String {
    let time = said("At \(SimulatedTime.text(timeMicroseconds))")
    switch verdict {
    case .sent: return said("\(time) \(node) sent packet \(packet), from \(source) to \(destination).")
    case .forwarded: return said("\(time) \(place) passed packet \(packet) on, from \(source) to \(destination).")
    case .translated: return said("\(time) \(node) changed packet \(packet): \(changes).\(rowWords)")
    case .delivered: return said("\(time) packet \(packet) reached \(node), from \(source).")
    case .dropped: return said("\(time) \(place) dropped packet \(packet), \(reasonSentence ?? "")")
    }
  }

  private var place: String { nodeKind == .internet ? said("the \(node)") : node }

  private var changes: String {
    let fields = [
      newSource.map { said("its source \(source) became \($0)") },
      newDestination.map { said("its destination \(destination) became \($0)") },
    ]
    let words = fields.compactMap(\.self).joined(separator: ", and ")
    return words.isEmpty ? said("its row was made, and its addresses stayed the same") : words
  }

  private var rowWords: String {
    guard let mapping else { return "" }
    return switch mappingChange {
    case .created: said(" Row \(mapping) is new.")
    case .refreshed: said(" Row \(mapping) lives longer.")
    case nil: ""
    }
  }

  /// Why it was dropped, after the contract's word for it; nil for a hop that did not drop it.
  var reasonSentence: String? { reasonWords?.plain.replacing("\u{A0}", with: " ") }
}
