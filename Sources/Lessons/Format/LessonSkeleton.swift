// SPDX-License-Identifier: GPL-3.0-or-later

/// The first version of a new lesson: a whole lesson that passes the check, with every kind of part that a lesson can
/// have.
package enum LessonSkeleton {
  /// Whether a word can be a lesson's id.
  package static func isID(_ text: String) -> Bool { FrontMatterReader.isID(text) }

  /// The language of the lessons in a folder, by its name; nil if it is not a language's code.
  package static func language(ofFolder folder: String) -> String? { FrontMatterReader.language(ofFolder: folder) }

  /// The text of a lesson file, which says its language if that is not English.
  package static func text(id: String, language: String? = nil) -> String {
    let words = id.split(separator: "-").joined(separator: " ")
    let title = words.prefix(1).uppercased() + words.dropFirst()
    return """
      ---
      format: 1
      id: \(id)
      title: \(title)
      minutes: 5
      requires: []
      rfc: []
      objectives:
        - Say in one line what a learner can do afterwards
      skip: allowed\(language.map { "\nlanguage: \($0)" } ?? "")
      ---

      # \(title)

      Say what this lesson is about, and why anybody should care.

      ## Bob guesses at Alice's address

      Alice has sent Bob a packet, so her router has a row for her. Now another program of Bob's, on another port, sends
      to the same outside address. Send a packet from `bob:4001` to `49.36.10.25:62000`, and let it run.

      ```natsh setup
      scene one-home
      send alice:5000 bob:4000 "hello"
      run
      ```

      ```yaml predict
      ask: What will Alice's router do with the packet?
      choices:
        - pass it on to Alice
        - drop it
      answer: 2
      because: >
        The row is there, but it admits only whom Alice has sent to: Bob's port 4000, not his port 4001.
      proof:
        run: |
          send bob:4001 49.36.10.25:62000
          run
        expect:
          1:
            - delivered: {to: alice, from: "bob:4001"}
          2:
            - hop: {node: home-a, verdict: dropped, reason: filtered}
      ```

      ```yaml expect
      - hop: {node: home-a, verdict: dropped, reason: filtered, source: "bob:4001"}
      ```

      ```natsh solution
      send bob:4001 49.36.10.25:62000
      run
      ```

      ```natsh also
      send bob:4001 49.36.10.25:62000 "knock knock"
      step 2
      ```

      ```yaml wrong
      when:
        - hop: {node: internet, verdict: dropped, reason: private-destination, source: bob}
      say: >
        That was Alice's *inside* address, which means nothing on the internet. Her router's outside address is
        49.36.10.25.
      example: |
        send bob:4001 alice:5000
        run
      ```

      ```hint
      `send FROM TO` puts a packet on the wire; a port follows a colon.
      ```

      ```hint
      `send bob:4001 49.36.10.25:62000`, and then `run`.
      ```

      ## What you have seen

      - A row in the table is not yet an open door.
      - The filter admits only whom the row remembers.
      - `why` tells the rule.

      """
  }
}
