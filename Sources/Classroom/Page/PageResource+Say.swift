// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering
import Wording

extension PageResource {
  /// Says the page's own sentences in the program's language: `say("{0} learners", 3)`.
  static let sayScript = """
    const words = \(translations);

    /** The sentence in the page's language, with the values in the places of {0}, {1} and so on. */
    export const say = (sentence, ...values) =>
      (words[sentence] ?? sentence).replace(/\\{(\\d+)\\}/g, (place, number) => values[number] ?? place);
    """

  /// The translations of what the scripts say, as a JSON object; empty in English.
  private static var translations: String {
    guard let phrasebook = Phrasebook.chosen else { return "{}" }
    let scripts = [pageScript, viewScript, learnScript, layoutScript, pictureScript, motionScript, panelsScript]
    var words: [String: String] = [:]
    for match in scripts.flatMap({ $0.matches(of: #/\bsay\("([^"]*)"/#) }) {
      let sentence = String(match.1)
      words[sentence] = phrasebook.translation(ofKey: sentence)?.text
    }
    return JSONRenderer().line(for: words)
  }
}
