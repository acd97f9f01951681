# SPDX-License-Identifier: GPL-3.0-or-later
"""Two learners in two browsers, one on a phone, who do different things; and the projector."""
import json
import sys
import tempfile
import time

from browser import Browser, Shell
from class_client import check

natsh, lessons = sys.argv[1], sys.argv[2]
pictures = sys.argv[3] if len(sys.argv) > 3 else None
state = tempfile.mkdtemp(prefix="natsh-class")
shell = Shell(natsh, "--lessons", lessons, state=state)
room = shell.open_class()
base, code = room["url"], room["code"]
still = [("prefers-reduced-motion", "reduce")]
page, ann, bob = Browser(features=still), Browser(features=still), Browser(390, 844, features=still)


def keep(browser, name):
    if pictures:
        browser.picture(f"{pictures}/class-{name}.png")


def typed(browser, text):
    """Types at the learner's prompt, as fingers do, and waits for the answer."""
    browser.run("document.getElementById('line').focus()")
    count = browser.run("document.querySelectorAll('#screen .typed').length")
    browser.call("Input.insertText", text=text)
    browser.press("Enter")
    browser.until(f"document.querySelectorAll('#screen .typed').length > {count} && !document.getElementById('shell').ariaBusy")


def join(browser, name, wrong=False):
    browser.open(base + "learn" + ("" if wrong else "#" + code))
    browser.until(f"document.activeElement.id === 'join-{'code' if wrong else 'name'}'")
    if wrong:
        browser.run("document.getElementById('join-code').focus()")
        browser.call("Input.insertText", text="000000" if code != "000000" else "111111")
        browser.run("document.getElementById('join-name').focus()")
        browser.call("Input.insertText", text=name)
        browser.press("Enter")
        browser.until("document.getElementById('join-error').textContent.includes('not the code')")
        browser.problems.clear()
        browser.run("document.getElementById('join-code').value = ''; document.getElementById('join-code').focus()")
        browser.call("Input.insertText", text=code)
    else:
        browser.call("Input.insertText", text=name)
    browser.press("Enter")
    browser.until("!document.getElementById('work').hidden")
    browser.until("document.getElementById('prompt-text').textContent === 'natsh>'")


try:
    page.open(base)
    page.until(f"document.getElementById('join-code').textContent === 'Code {code[:3]} {code[3:]}'")
    page.until("document.querySelector('#qr svg path')")
    bob.size(390, 844, mobile=True)
    join(ann, "Ann", wrong=True)
    bob.open(base + "learn")
    keep(bob, "join-phone")
    join(bob, "<b>Bob</b>")
    page.until("document.getElementById('join-count').textContent === '2 learners'")

    # Each has a network of their own.
    typed(ann, "scene one-home")
    typed(ann, 'send alice:5000 bob:4000 "<img src=x onerror=alert(1)>"')
    ann.until("document.querySelector('#picture .packet')")
    typed(ann, "run")
    ann.until("document.querySelector('#picture .packet.delivered')?.textContent.includes('reached bob')")
    ann.until("document.querySelectorAll('#routers tr.new').length === 1")
    check(ann.run("document.querySelectorAll('img, #screen b').length") == 0, "typed words became elements")
    keep(ann, "learner")
    shell("class lesson who-are-you")
    bob.until("document.getElementById('lesson-title').textContent.includes('step 1 of')")
    ann.until("document.getElementById('lesson-title').textContent.includes('step 1 of')")
    typed(ann, "leave")
    typed(ann, "reset")
    typed(ann, "host carol")
    check("carol" not in bob.run("document.getElementById('devices').textContent"), "one network for two")
    wide = bob.run("document.documentElement.scrollWidth")
    check(wide <= 390, f"the learner's page is {wide} px wide on a phone")
    keep(bob, "phone")

    # Completion and history with the keyboard alone.
    ann.run("document.getElementById('line').focus()")
    ann.call("Input.insertText", text="remove ca")
    ann.press("Tab")
    ann.until("document.getElementById('line').value === 'remove carol '")
    ann.call("Input.dispatchKeyEvent", type="keyDown", key="ArrowUp", code="ArrowUp", windowsVirtualKeyCode=38)
    ann.until("document.getElementById('line').value === 'host carol'")
    ann.call("Input.dispatchKeyEvent", type="keyDown", key="ArrowDown", code="ArrowDown", windowsVirtualKeyCode=40)
    ann.until("document.getElementById('line').value === 'remove carol '")
    ann.run("document.getElementById('line').value = ''")
    ann.call("Input.insertText", text="s")
    ann.press("Tab")
    ann.until("document.querySelectorAll('#candidates button').length > 3")
    ann.press("Escape")
    ann.press("Tab")
    check(ann.run("document.activeElement.id") != "line", "Tab is a trap")
    ann.run("document.getElementById('line').value = ''")
    small = bob.run("Math.min(...[...document.querySelectorAll('button, a')].filter(b => b.clientHeight).map(b => b.clientHeight))")
    check(small >= 24, f"something to press of {small} px")

    # A screen reader has names for all there is to press.
    tree = ann.tree()
    check(all(name for role, name in tree if role in ("button", "textbox", "link")), "something without a name")
    check({"log", "textbox", "button", "main"} <= {role for role, _ in tree}, "roles are missing")

    # The class is asked: each answers once, counts grow on the projector, and then it is revealed.
    shell("lesson direct-call")
    for _ in range(30):
        if shell("class ask")["ok"]:
            break
        shell("skip")
    for learner, choice in ((ann, 1), (bob, 2)):
        learner.until("document.querySelectorAll('#asked-choices button').length > 1")
        learner.run(f"document.querySelectorAll('#asked-choices button')[{choice - 1}].click()")
        learner.until(f"document.getElementById('asked-state').textContent.includes('number {choice}')")
        check(learner.run("document.querySelectorAll('#asked-choices button').length") == 0, "it can be answered again")
    page.until("document.getElementById('answers').textContent.startsWith('2 answers')")
    check(page.run("document.querySelectorAll('#choices .right').length") == 0, "what is right is seen too soon")
    keep(page, "asked")
    right = shell("class reveal")["revealed"]["right"]
    page.until(f"document.querySelectorAll('#choices li')[{right - 1}].className === 'right'")
    for learner in (ann, bob):
        learner.until("document.getElementById('asked-state').textContent.match(/You were right|is right/)")
    keep(page, "revealed")

    # A learner's network on the projector.
    shell("class show Ann")
    page.until("document.getElementById('shown').textContent.includes('Ann')")
    check(page.run("document.querySelectorAll('#routers tr.gone').length") == 0, "another's rows are struck through")
    page.until("document.getElementById('devices').textContent.includes('carol')")
    typed(ann, "host dora")
    page.until("document.getElementById('devices').textContent.includes('dora')")
    keep(page, "shown")
    shell("class show")
    page.until("document.getElementById('shown').hidden")

    # A reload finds the work, and what was typed.
    ann.run("location.reload()")
    time.sleep(0.3)
    ann.until("document.getElementById('work') && !document.getElementById('work').hidden")
    ann.until("document.getElementById('devices').textContent.includes('dora')")
    ann.run("document.getElementById('line').focus()")
    ann.call("Input.dispatchKeyEvent", type="keyDown", key="ArrowUp", code="ArrowUp", windowsVirtualKeyCode=38)
    ann.until("document.getElementById('line').value === 'host dora'")
    ann.run("document.getElementById('line').value = ''")

    # Files come from the learner's own machine and go there.
    typed(ann, "save mine.natsh")
    ann.until("document.getElementById('screen').textContent.includes('Saved mine.natsh')")
    typed(ann, "load mine.natsh")
    ann.until("!document.getElementById('file').hidden")

    # Killed, the shell answers again before its class is open, which refuses whoever looks on; they come back all the same.
    shell.process.kill()
    shell.process.wait()
    for learner in (ann, bob):
        learner.until("document.getElementById('connection').textContent.includes('does not answer')")
    port = base.rsplit(":", 1)[1].strip("/")
    shell = Shell(natsh, "--lessons", lessons, state=state)
    check(shell(f"page {port}")["ok"], "the port is taken")
    time.sleep(3)
    check(shell(f"class open on 127.0.0.1 port {port}")["class"]["code"] == code, "another class")
    for learner in (ann, bob):
        learner.until("document.getElementById('connection').textContent === ''")

    # The class is closed, and says so.
    shell("class close")
    for learner in (ann, bob):
        learner.until("document.getElementById('connection').textContent.startsWith('The class is closed')")
    page.until("document.getElementById('invitation').hidden")
    for browser in (page, ann, bob):
        problems = [p for p in browser.problems if "ERR_" not in str(p) and "404" not in str(p)]
        check(not problems, f"the console has errors: {json.dumps(problems)[:2000]}")
finally:
    for browser in (page, ann, bob):
        browser.close()
    shell.close()
