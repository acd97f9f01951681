// SPDX-License-Identifier: GPL-3.0-or-later

import Rendering
import Wording

extension PageResource {
  /// A sentence as a page's text or an attribute's.
  private static func words(_ sentence: String) -> String { Markup.escaped(sentence) }

  private static func head(_ title: String, script: String, kind: String) -> String {
    #"""
    <!doctype html>
    <html lang="\#(Phrasebook.chosen?.language ?? "en")" class="\#(kind)">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\#(title)</title>
    <link rel="icon" href="/icon.svg">
    <link rel="stylesheet" href="/page.css">
    <script type="module" src="\#(script)"></script>
    </head>
    """#
  }

  private static let controls = #"""
    <div id="controls">
        <button id="motion" type="button" aria-pressed="false">\#(words(said("Pause motion")))</button>
        <button id="theme" type="button">\#(words(said("Colours: as the system")))</button>
      </div>
    """#

  // Parts that the projector's page and the learner's share.

  private static let stage = #"""
    <section id="stage" aria-labelledby="stage-title">
        <h2 id="stage-title" class="visually-hidden">\#(words(said("The network")))</h2>
        <div id="picture" tabindex="0" role="group" aria-label="\#(words(said("Drawing of the network, which can be scrolled")))"></div>
        <ul id="devices" class="visually-hidden"></ul>
        <p id="last"></p>
      </section>
    """#

  private static let lesson = #"""
    <section id="lesson" aria-labelledby="lesson-title" hidden>
        <h2 id="lesson-title"></h2>
        <h3 id="task"></h3>
        <div id="prose"></div>
      </section>
    """#

  private static let question = #"""
    <section id="question" aria-labelledby="question-text" hidden>
        <h2 id="question-text"></h2>
        <ol id="choices"></ol>
        <p id="answers" role="status"></p>
        <p class="because" aria-live="polite"></p>
      </section>
    """#

  private static let tables = #"""
    <section id="tables" aria-labelledby="tables-title">
        <h2 id="tables-title">\#(words(said("Translation tables")))</h2>
        <div id="routers"></div>
      </section>
    """#

  private static let ladder = #"""
    <section id="ladder-section" aria-labelledby="ladder-title">
        <h2 id="ladder-title">\#(words(said("Who sent what to whom")))</h2>
        <div id="ladder" tabindex="0" role="group" aria-label="\#(words(said("Ladder diagram, which can be scrolled")))"></div>
      </section>
    """#

  private static let log = #"""
    <section id="log-section" aria-labelledby="log-title">
        <h2 id="log-title">\#(words(said("What happened")))</h2>
        <ol id="log" role="log" aria-live="polite" aria-relevant="additions"></ol>
      </section>
    """#

  private static let foot = #"""
    <p id="connection" role="status"></p>
    <noscript><p>\#(words(said("This page needs JavaScript, which it loads from the teacher's machine alone.")))</p></noscript>
    </body>
    </html>
    """#

  static let html =
    head("natsh", script: "/page.js", kind: "projector") + #"""
      <body>
      <header>
        <p id="command"><span class="visually-hidden">\#(words(said("Commands:"))) </span><span id="previous"></span>
          <span id="now"><span id="typed-at"></span><strong id="typed"></strong></span></p>
        <p id="error" hidden></p>
        <p id="shown" hidden></p>
        \#(controls)
      </header>
      <main>
        \#(stage)
        <div id="side">
        <section id="invitation" aria-labelledby="invitation-title" hidden>
          <h2 id="invitation-title">\#(words(said("Join the class")))</h2>
          <div id="qr"></div>
          <div>
            <p id="join-url"></p>
            <p id="join-code"></p>
            <p id="join-count" role="status"></p>
          </div>
        </section>
        \#(question)
        \#(lesson)
        \#(tables)
        \#(ladder)
        \#(log)
        </div>
      </main>
      \#(foot)
      """#

  static let learnHTML =
    head(words(said("natsh: join the class")), script: "/learn.js", kind: "learner") + #"""
      <body>
      <form id="join" autocomplete="off">
        <h1>\#(words(said("Join the class")))</h1>
        <label>\#(words(said("Code")))<input id="join-code" name="code" inputmode="numeric" maxlength="7" required></label>
        <label>\#(words(said("Your name")))<input id="join-name" name="name" maxlength="40" required></label>
        <button type="submit">\#(words(said("Join")))</button>
        <p id="join-error" role="alert"></p>
      </form>
      <div id="work" hidden>
      <header>
        <p id="who"></p>
        \#(controls)
      </header>
      <section id="asked" aria-labelledby="asked-text" hidden>
        <h2 id="asked-text"></h2>
        <ol id="asked-choices"></ol>
        <p id="asked-state" role="status"></p>
        <p class="because" aria-live="polite"></p>
      </section>
      <main>
        <div class="reading">
          \#(lesson)
          \#(question)
        </div>
        <div class="working">
        <section id="shell" aria-labelledby="shell-title">
          <h2 id="shell-title" class="visually-hidden">\#(words(said("Your shell")))</h2>
          <div id="screen" role="log" aria-live="polite" tabindex="0" aria-label="\#(words(said("What was typed and what came of it")))"></div>
          <div id="candidates" role="group" aria-label="\#(words(said("What could be typed next")))"></div>
          <form id="prompt" autocomplete="off">
            <label for="line" id="prompt-text">natsh&gt;</label>
            <input id="line" type="text" autocapitalize="off" autocorrect="off" spellcheck="false" enterkeyhint="send"
              aria-describedby="keys">
            <button type="submit">\#(words(said("Enter")))</button>
            <button id="complete" type="button">\#(words(said("Complete")))</button>
          </form>
          <p id="keys">\#(said("Tab completes, the arrow keys bring back what you typed, and \("<code>help</code>") explains."))</p>
          <input id="file" type="file" hidden aria-label="\#(words(said("File to load")))">
        </section>
        \#(stage)
        \#(ladder)
        </div>
        <div class="looking">
          \#(tables)
          \#(log)
        </div>
      </main>
      <footer><p><a id="hand-in" href="/hand-in" download="hand-in.natsh">\#(words(said("Save what you have done, to hand it in")))</a></p></footer>
      </div>
      \#(foot)
      """#
}
