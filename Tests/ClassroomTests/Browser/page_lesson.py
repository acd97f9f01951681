# SPDX-License-Identifier: GPL-3.0-or-later
"""A lesson on the page: its prose, its question, and two homes drawn inside their provider's network."""
import sys

from browser import Browser, Shell

natsh, lessons = sys.argv[1], sys.argv[2]
pictures = sys.argv[3] if len(sys.argv) > 3 else None
shell = Shell(natsh, "--lessons", lessons)
url = shell.page()
# Those who do not want motion get none, and the same picture at the end.
browser = Browser(features=[("prefers-reduced-motion", "reduce")])
try:
    browser.open(url)
    shell("lesson direct-call")
    browser.until("!document.getElementById('lesson').hidden")
    browser.until("document.getElementById('lesson-title').textContent.includes('step 1 of')")
    browser.until("document.getElementById('prose').children.length > 0")
    if pictures:
        browser.picture(f"{pictures}/lesson.png")
    shell("reset")
    for line in ("router isp lan 100.64.0.0/10", "router home behind isp", "host kid behind home", "host tv behind home",
                 "host neighbor behind isp", "host site", "send kid:5000 site:80", "run"):
        answer = shell(line)
        if not answer["ok"]:
            raise AssertionError(answer)
    browser.until("document.querySelector('#picture .packet.delivered')?.textContent.includes('reached site')")
    inside = browser.run("""(() => {
      const boxes = [...document.querySelectorAll('#picture .home')].map(b => b.getBoundingClientRect());
      return boxes.some(a => boxes.some(b => a !== b && a.left >= b.left && a.right <= b.right && a.bottom <= b.bottom));
    })()""")
    if not inside:
        raise AssertionError("the home is not drawn inside its provider's network")
    if pictures:
        browser.picture(f"{pictures}/nested.png")
    if browser.problems:
        raise AssertionError(f"the console has errors: {browser.problems}")
finally:
    browser.close()
    shell.close()
