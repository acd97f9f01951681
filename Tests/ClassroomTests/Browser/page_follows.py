# SPDX-License-Identifier: GPL-3.0-or-later
"""The page in a real browser, as a class sees it while somebody types in the shell. Arguments: natsh, and a folder for
pictures, if they are wanted."""
import sys
import time

from browser import Browser, Shell

natsh, pictures = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
shell = Shell(natsh)
url = shell.page()
browser = Browser()


def keep(name):
    if pictures:
        browser.picture(f"{pictures}/{name}.png")


def check(holds, words):
    if not holds:
        raise AssertionError(words + "\nthe page: " + browser.run("document.body.innerText"))


def text(selector):
    return browser.run(f"document.querySelector('{selector}')?.textContent ?? ''")


COVERED = """
(() => {
  const box = (element) => element.getBoundingClientRect();
  const labels = [...document.querySelectorAll('#picture .packet .label')].map(box);
  return [...document.querySelectorAll('#picture svg text.name, #picture svg text.address')]
    .filter((words) => !words.closest('.packet'))
    .filter((words) => labels.some((label) => label.left < box(words).right && box(words).left < label.right &&
      label.top < box(words).bottom && box(words).top < label.bottom))
    .map((words) => words.textContent);
})()
"""


def nothing_is_covered():
    """A packet's label leaves every device's name and address to be read, once the packet has come to rest."""
    browser.until(f"{COVERED.strip()}.length === 0")


try:
    # The picture follows the shell.
    browser.open(url)
    browser.until("document.querySelector('#picture p')")
    for width, height in ((1920, 1080), (1280, 720)):
        browser.size(width, height)
        scrolled = browser.settled("(({ scrollHeight: h, clientHeight: H, scrollWidth: w, clientWidth: W }) =>"
                                   " h > H + 1 || w > W + 1)(document.getElementById('picture'))")
        check(not scrolled, f"the empty page scrolls at {width}x{height}")
    browser.size(1920, 1080)
    shell("scene one-home")
    browser.until("[...document.querySelectorAll('#picture svg .name')].map(n => n.textContent).join() .includes('home-a')")
    names = browser.run("[...document.querySelectorAll('#picture svg text')].map(n => n.textContent)")
    for name in ("alice", "192.168.1.10", "home-a", "49.36.10.25", "bob", "88.90.100.110", "the internet"):
        check(name in names, f"{name} is not drawn: {names}")
    shell('send alice:5000 bob:4000 "hello"')
    browser.until("document.querySelector('#picture .packet')?.textContent.includes('from 192.168.1.10:5000')")
    nothing_is_covered()
    keep("sent")
    shell("step")
    browser.until("document.querySelector('#picture .packet .changed')?.textContent.includes('49.36.10.25:62000')")
    browser.until("document.querySelector('#picture .packet .note')?.textContent.includes('source changed by home-a')")
    browser.until("document.querySelector('#routers tr.new')?.textContent.includes('new')")
    nothing_is_covered()
    keep("translated")
    check("became 49.36.10.25:62000" in text("#last"), "the last hop is not told in a sentence")
    shell("run")
    browser.until("document.querySelector('#picture .packet.delivered .note')?.textContent.includes('reached bob')")
    check("288" not in text("#command") and "step" in text("#previous") and "run" in text("#typed"), "the commands")
    nothing_is_covered()
    keep("delivered")

    # The letters are large enough for the back row.
    def letters(selector):
        return browser.run(
            f"Math.min(...[...document.querySelectorAll('{selector}')].map(n => parseFloat(getComputedStyle(n).fontSize)))")
    check(letters("#picture svg text.name") >= 28, f"names in {letters('#picture svg text.name')} px")
    check(letters("#picture svg text.address") >= 28, f"addresses in {letters('#picture svg text.address')} px")
    check(letters("#last") >= 28, f"the last hop in {letters('#last')} px")

    # Nobody scrolls a projector: the drawing and the last hop are on the screen as they are.
    for selector in ("#picture svg", "#last"):
        bottom = browser.run(f"document.querySelector('{selector}').getBoundingClientRect().bottom")
        check(bottom <= 1080, f"{selector} ends at {bottom} px")

    # A refused packet stops at the router, with its reason in words.
    shell("send bob:4001 49.36.10.25:62000")
    shell("run")
    browser.until("document.querySelector('#picture .packet.dropped .note')?.textContent.includes('✗ filtered at home-a')")
    browser.until("document.getElementById('last').textContent.includes('not one that it admits')")
    nothing_is_covered()
    keep("refused")

    # Rows count down, and time out.
    shell("wait 1m")
    browser.until("document.querySelector('#routers .left')?.textContent.startsWith('3m')")
    shell("wait 5m")
    browser.until("document.querySelector('#routers tr.gone')?.textContent.includes('timed out')")
    keep("timed-out")

    # Undo runs the picture backwards and restores what was there.
    shell("undo")
    browser.until("document.querySelector('#routers .left')?.textContent.startsWith('3m')")
    shell("undo")
    shell("undo")
    browser.until("document.querySelector('#picture .packet')?.textContent.includes('from 88.90.100.110:4001')")
    browser.until("[...document.querySelectorAll('#log li')].at(-1)?.textContent.startsWith('Undone')")

    # A row that went is told to have gone the way it went; what was undone never was, and another network has other rows.
    gone = "[...document.querySelectorAll('#routers tr.gone')].map((row) => row.textContent)"
    shell("step")
    browser.until("document.querySelector('#routers .left meter')")
    shell("reboot home-a")
    browser.until(f"{gone}.length && {gone}.every((row) => row.includes('emptied') && !row.includes('timed out'))")
    shell("undo")
    browser.until(f"{gone}.length === 0 && document.querySelector('#routers .left meter')")
    shell("forward home-a 8080 to alice:80")
    browser.until("document.getElementById('routers').textContent.includes('static')")
    shell("unforward home-a 8080")
    browser.until(f"{gone}.length === 1 && {gone}[0].includes('removed')")
    shell("undo")
    shell("undo")
    browser.until(f"document.getElementById('typed').textContent === 'undo' && {gone}.length === 0")
    check(browser.run("document.querySelectorAll('meter:not([aria-hidden])').length") == 0, "a meter is read out")

    # Typed text is never markup.
    shell('send alice:5000 bob:4000 "<img src=x onerror=alert(1)>"')
    shell("host <b>x")
    browser.until("document.getElementById('error').textContent.includes('Not done')")
    check(browser.run("document.querySelectorAll('img, b').length") == 0, "typed words became elements")
    shell("run")

    # A screen reader has the network, each hop in a sentence, and names for everything that can be pressed.
    tree = browser.tree()
    roles = {role for role, _ in tree}
    for role in ("log", "button", "table", "heading", "main", "banner"):
        check(role in roles, f"no {role} in {sorted(roles)}")
    names = [name for _, name in tree]
    check(any("alice is at 192.168.1.10 behind home-a" in name for name in names), "alice is not told")
    check(any(name.startswith("At ") and "home-a changed packet" in name for name in names), "no hop is told")
    check(all(name for role, name in tree if role == "button"), "a button without a name")
    check(browser.run("document.querySelector('[role=log]').getAttribute('aria-live')") == "polite", "not live")

    # With the keyboard alone: every control is reached, seen to be reached, and works.
    browser.run("document.body.focus()")
    reached = []
    for _ in range(8):
        browser.press("Tab")
        reached.append(browser.run("document.activeElement.id"))
        outline = browser.run("getComputedStyle(document.activeElement).outlineStyle")
        check(not reached[-1] or outline != "none", f"{reached[-1]} does not show that it is reached")
    for control in ("motion", "theme", "picture", "ladder"):
        check(control in reached, f"{control} is not reached: {reached}")
    browser.run("document.getElementById('motion').focus()")
    browser.press("Enter")
    check(browser.run("document.getElementById('motion').getAttribute('aria-pressed')") == "true", "motion goes on")
    small = browser.run("Math.min(...[...document.querySelectorAll('button')].map(b => Math.min(b.clientHeight, b.clientWidth)))")
    check(small >= 24, f"a button of {small} px")

    # Without motion the end is shown at once.
    shell("send alice:5001 bob:4000")
    shell("run")
    browser.until("document.querySelector('#picture .packet.delivered')", 2)
    browser.press("Enter")

    # A reloaded page and one that was away show the present state.
    browser.run("location.reload()")
    time.sleep(0.3)
    browser.until("document.querySelector('#typed')?.textContent === 'run' && document.querySelector('#picture svg')")
    shell("page off")
    browser.until("document.getElementById('connection').textContent.includes('does not answer')")
    shell("send alice:5002 bob:4000")
    check(shell("page " + url.split(":")[2].strip("/"))["ok"], "the page is not opened again")
    browser.until("document.getElementById('connection').textContent === ''")
    browser.until("document.querySelector('#picture .packet')?.textContent.includes('192.168.1.10:5002')")

    # On a phone nothing sticks out, and in the dark it is dark.
    browser.size(390, 844, mobile=True)
    time.sleep(0.5)
    wide = browser.run("document.documentElement.scrollWidth")
    check(wide <= 390, f"the page is {wide} px wide on a phone")
    keep("phone")
    browser.size(1920, 1080)
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    check(browser.run("getComputedStyle(document.body).backgroundColor") == "rgb(12, 16, 24)", "it is not dark")
    time.sleep(0.5)
    keep("dark")

    # While the shell was away the browser could not connect, which it logs; anything else would be an error in the page.
    problems = [p for p in browser.problems if "ERR_CONNECTION" not in str(p) and "ERR_INCOMPLETE" not in str(p)
                and "alert" not in str(p)]
    check(not problems, f"the console has errors: {problems}")
finally:
    browser.close()
    shell.close()
