# SPDX-License-Identifier: GPL-3.0-or-later
"""What a class looks at is on the screen, whatever else is: the whole drawing, the last hop, and of what scrolls the newest.
Arguments: natsh, the folder of lessons, and a folder for pictures, if they are wanted."""
import http.client
import sys
import tempfile

from browser import Browser, Shell

natsh, lessons = sys.argv[1], sys.argv[2]
pictures = sys.argv[3] if len(sys.argv) > 3 else None
browser = Browser(features=[("prefers-reduced-motion", "reduce")])
WALLS = [(1920, 1080), (1366, 768), (1280, 800)]
PHONES = [(390, 844), (360, 740)]
MANY = [f"send alice:500{n} home-b:4000; send bob:600{n} home-a:700{n}" for n in range(1, 7)]

# What does not hold, in words.
WRONG = """
((isWall) => {
  const wrong = [];
  const one = (selector) => document.querySelector(selector);
  const within = (selector, element, outer) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const box = outer ? outer.getBoundingClientRect() : { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    if (left < box.left - 1 || top < box.top - 1 || right > box.right + 1 || bottom > box.bottom + 1)
      wrong.push(`${selector} ${Math.round(left)} ${Math.round(top)} ${Math.round(right)} ${Math.round(bottom)} is not in ${outer?.id ?? 'the window'}`);
  };
  const scrolls = (element) => element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1;
  // An address is in one piece up to its port.
  for (const cell of document.querySelectorAll('#routers td.address'))
    for (const node of cell.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      if (range.getClientRects().length > 1) wrong.push(`${node.textContent} is broken`);
    }
  if (document.documentElement.scrollWidth > innerWidth) wrong.push('the page is too wide');
  const heads = [...document.querySelectorAll('#ladder .names text')];
  for (const name of heads) {
    const box = name.getBoundingClientRect(), outer = one('#ladder').getBoundingClientRect();
    if (outer.height && (box.top < outer.top - 2 || box.bottom > outer.bottom + 2)) wrong.push(`the ladder's ${name.textContent} is out of sight`);
  }
  if (!isWall) return wrong;
  const root = document.scrollingElement;
  if (root.scrollHeight > innerHeight) wrong.push('the page scrolls');
  within('the drawing', one('#picture svg'), one('#picture'));
  for (const shape of document.querySelectorAll('#picture svg *')) if (!shape.matches('g')) within(shape.outerHTML, shape, null);
  if (scrolls(one('#picture'))) wrong.push('the drawing scrolls');
  within('the last hop', one('#last'), null);
  if (scrolls(one('#last'))) wrong.push('the last hop scrolls');
  for (const section of document.querySelectorAll('#side > section'))
    if (!section.hidden && section.checkVisibility() && section.getBoundingClientRect().width > 1) within(section.id, section, null);
  for (const rows of document.querySelectorAll('#routers .rows')) {
    const row = [...rows.querySelectorAll('tr.new')].at(-1) ?? rows.querySelector('tbody tr:last-child');
    if (row) within(row.textContent, row, null);
    if (row && row.getBoundingClientRect().bottom > rows.getBoundingClientRect().bottom + 1) wrong.push(`${row.textContent} is out of sight`);
  }
  const told = [...document.querySelectorAll('#ladder svg:last-child .over')].at(-1);
  if (told && one('#ladder').clientHeight) within(told.textContent, told, null);
  if (one('#ladder').clientHeight && told && told.getBoundingClientRect().bottom > one('#ladder').getBoundingClientRect().bottom + 1)
    wrong.push('the newest of the ladder is out of sight');
  for (const choice of document.querySelectorAll('#choices li')) within(choice.textContent, choice, one('#question'));
  // Each disc is seen, and none lies on a label.
  const discs = [...document.querySelectorAll('#picture .dot')], boxOf = (element) => element.getBoundingClientRect();
  const meet = (a, b) => a.left < b.right - 2 && b.left < a.right - 2 && a.top < b.bottom - 2 && b.top < a.bottom - 2;
  discs.forEach((disc, index) => {
    const box = boxOf(disc), inner = { left: box.left + box.width / 4, right: box.right - box.width / 4, top: box.top + box.height / 4, bottom: box.bottom - box.height / 4 };
    for (const other of discs.slice(index + 1)) if (meet(inner, boxOf(other))) wrong.push('a disc covers another');
    for (const label of document.querySelectorAll('#picture .label')) if (meet(box, boxOf(label))) wrong.push('a disc lies on a label');
  });
  if (innerWidth === 1920) {
    for (const words of document.querySelectorAll('#picture svg text, #last')) {
      const size = parseFloat(getComputedStyle(words).fontSize);
      if (size < 28 && !words.matches('.long')) wrong.push(`${words.textContent} in ${size} px`);
    }
  }
  return wrong;
})
"""


def check(holds, words):
    if not holds:
        raise AssertionError(words)


def look(name, ready, sizes=WALLS + PHONES):
    for width, height in sizes:
        browser.size(width, height, mobile=width < 600)
        browser.until(ready)
        wrong = browser.settled(f"{WRONG.strip()}({'true' if width >= 900 else 'false'})")
        if pictures:
            browser.picture(f"{pictures}/room-{name}-{width}.png")
        check(not wrong, f"{name} at {width}x{height}: {wrong}")


def opener(url, host=None):
    """The header of who may hold a window of the page."""
    connection = http.client.HTTPConnection(url.split("/")[2], timeout=30)
    connection.request("GET", "/", headers={"Host": host} if host else {})
    return connection.getresponse().getheader("Cross-Origin-Opener-Policy")


shell = Shell(natsh, "--lessons", lessons, state=tempfile.mkdtemp(prefix="natsh-room"))
try:
    url = shell.page()
    browser.open(url)
    for name, lines in (
            ("one-home", ["scene one-home", 'send alice:5000 bob:4000 "hello"', "run"]),
            ("two-homes", ["scene two-homes", *MANY, "run"]),
            ("on-the-way", ["scene two-homes", "send alice:5000 home-b:4000", "send alice:5001 home-b:4001", "send bob:6000 home-a:7000"]),
            ("cgnat", ["scene cgnat", "send alice:5000 bob:4000", "run"]),
            ("google", ["scene google", "send alice:5000 google.com:80", "run"]),
            ("call-symmetric", ["scene call-symmetric", "send alice:5000 server:3478", "step"]),
            ("call-cgnat", ["scene call-cgnat", "send alice:5000 server:3478", "run"]),
            ("smart-home", ["scene smart-home", "send laptop:5000 mallory:4000", "run"])):
        for line in "; ".join(lines).split("; "):
            check(shell(line)["ok"], line)
        last = lines[-1]
        look(name, f"document.getElementById('typed').textContent === {last!r} && document.querySelector('#picture .packet')")

    # Whatever a lesson says and asks.
    for step in (1, 3, 4):
        shell(f"lesson who-are-you {step}")
        look(f"lesson-{step}", f"document.getElementById('lesson-title').textContent.includes('step {step} of')")
    shell("page off")

    # A class joins, and votes.
    room = shell.open_class()
    browser.open(room["url"])
    shell("lesson who-are-you 3")
    look("invited", "document.querySelector('#qr svg') && document.querySelector('#choices li')")
    check(shell("class ask")["ok"], "nothing is asked")
    look("asked", "document.querySelector('#choices .votes')")
    check(shell("class reveal")["ok"], "nothing is revealed")
    browser.until("document.querySelector('#choices .right')")

    # Browsers heed it at a name that they trust, and complain about it at another.
    check(opener(room["url"]) == "same-origin", "others may hold a window of the page")
    check(opener(room["url"], "192.0.2.1") is None, "a header that browsers do not heed")

    problems = [p for p in browser.problems if "ERR_" not in str(p)]
    check(not problems, f"the console has errors: {problems}")
finally:
    browser.close()
    shell.close()
