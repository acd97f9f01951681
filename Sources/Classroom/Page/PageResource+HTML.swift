// SPDX-License-Identifier: GPL-3.0-or-later

extension PageResource {
  static let html = #"""
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>natsh</title>
    <link rel="icon" href="/icon.svg">
    <link rel="stylesheet" href="/page.css">
    <script type="module" src="/page.js"></script>
    </head>
    <body>
    <header>
      <p id="command"><span class="visually-hidden">Commands: </span><span id="previous"></span>
        <span id="now"><span id="typed-at"></span><strong id="typed"></strong></span></p>
      <p id="error" hidden></p>
      <div id="controls">
        <button id="motion" type="button" aria-pressed="false">Pause motion</button>
        <button id="theme" type="button">Colors: as the system</button>
      </div>
    </header>
    <main>
      <section id="stage" aria-labelledby="stage-title">
        <h2 id="stage-title" class="visually-hidden">The network</h2>
        <div id="picture" tabindex="0" role="group" aria-label="Drawing of the network, which can be scrolled"></div>
        <ul id="devices" class="visually-hidden"></ul>
        <p id="last"></p>
      </section>
      <section id="lesson" aria-labelledby="lesson-title" hidden>
        <h2 id="lesson-title"></h2>
        <h3 id="task"></h3>
        <div id="prose"></div>
        <div id="question" hidden><p id="question-text"></p><ol id="choices"></ol></div>
      </section>
      <section id="tables" aria-labelledby="tables-title">
        <h2 id="tables-title">Translation tables</h2>
        <div id="routers"></div>
      </section>
      <section id="ladder-section" aria-labelledby="ladder-title">
        <h2 id="ladder-title">Who sent what to whom</h2>
        <div id="ladder" tabindex="0" role="group" aria-label="Ladder diagram, which can be scrolled"></div>
      </section>
      <section id="log-section" aria-labelledby="log-title">
        <h2 id="log-title">What happened</h2>
        <ol id="log" role="log" aria-live="polite" aria-relevant="additions"></ol>
      </section>
    </main>
    <p id="connection" role="status"></p>
    <noscript><p>This page needs JavaScript, which it has from this machine alone.</p></noscript>
    </body>
    </html>
    """#
}
