# SPDX-License-Identifier: GPL-3.0-or-later
"""The projector's page and a learner's in German: what is drawn, told and asked has no English sentence left."""
import re
import sys
import tempfile

from browser import Browser, Shell

natsh, lessons, translations = sys.argv[1:4]
pictures = sys.argv[4] if len(sys.argv) > 4 else None
shell = Shell(natsh, "--lessons", lessons, state=tempfile.mkdtemp(prefix="natsh-german"),
              NATSH_LANG="de", NATSH_TRANSLATIONS=translations)
room = shell.open_class()
still = [("prefers-reduced-motion", "reduce")]
page, learner = Browser(features=still), Browser(390, 844, features=still)
# Small words that English sentences have and German ones do not.
ENGLISH = re.compile(r"\b(the|is|are|and|that|with|has|from|which|there|of|by|not|row|you|your|to|at)\b", re.IGNORECASE)


def nothing_english(browser, name):
    """What is written, and what a screen reader says. What is typed stays as it is."""
    if pictures:
        browser.picture(f"{pictures}/german-{name}.png")
    written = browser.run("""(() => {
      const typed = [...document.querySelectorAll('code, pre, .typed, #typed, #previous')];
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const texts = [];
      while (walk.nextNode()) {
        const node = walk.currentNode;
        if (!typed.some((element) => element.contains(node)) && !node.parentElement.closest('script')) texts.push(node.textContent);
      }
      const named = [...document.querySelectorAll('[aria-label], [placeholder], [title]')];
      return texts.concat(named.flatMap((e) => [e.ariaLabel ?? '', e.placeholder ?? '', e.getAttribute('title') ?? '']));
    })()""")
    left = [text for text in written if ENGLISH.search(re.sub(r"'[^']*'|„[^“]*“|\"[^\"]*\"", "", text))]
    if left:
        raise AssertionError(f"English on the German page ({name}): {left}")


def typed(text):
    learner.run("document.getElementById('line').focus()")
    count = learner.run("document.querySelectorAll('#screen .typed').length")
    learner.call("Input.insertText", text=text)
    learner.press("Enter")
    learner.until(
        f"document.querySelectorAll('#screen .typed').length > {count} && !document.getElementById('shell').ariaBusy")


try:
    page.open(room["url"])
    page.until("document.documentElement.lang === 'de'")
    page.until("document.querySelector('#qr svg path')")
    nothing_english(page, "invitation")
    for line in ("scene one-home", "send bob:4000 49.36.10.25:62000", "run", "send alice:5000 bob:4000 hallo", "run"):
        if not shell(line)["ok"]:
            raise AssertionError(line)
    page.until("document.querySelectorAll('#routers tr.new').length === 1")
    nothing_english(page, "one-home")

    learner.size(390, 844, mobile=True)
    learner.open(room["url"] + "learn")
    learner.until("document.documentElement.lang === 'de' && document.getElementById('join-code')")
    nothing_english(learner, "join")
    learner.run("document.getElementById('join-code').focus()")
    learner.call("Input.insertText", text=room["code"])
    learner.run("document.getElementById('join-name').focus()")
    learner.call("Input.insertText", text="Jörg")
    learner.press("Enter")
    learner.until("!document.getElementById('work').hidden")
    learner.until("document.getElementById('prompt-text').textContent === 'natsh>'")
    typed("lesson direct-call 1")
    learner.until("document.getElementById('lesson-title').textContent.includes('Schritt 1 von')")
    nothing_english(learner, "lesson")
    # A question: the wrong answer has a reply of its own, and the right one is told as right.
    typed("lesson direct-call 3")
    learner.until("document.getElementById('lesson-title').textContent.includes('Schritt 3 von')")
    typed("2")
    learner.until("document.getElementById('screen').textContent.includes('Das ist Bob selbst')")
    nothing_english(learner, "wrong-answer")
    typed("1")
    learner.until("document.getElementById('screen').textContent.includes('Jetzt ist es richtig:')")
    nothing_english(learner, "right-answer")

    if page.problems or learner.problems:
        raise AssertionError(f"the console has errors: {page.problems} {learner.problems}")
finally:
    page.close()
    learner.close()
    shell.close()
