# SPDX-License-Identifier: GPL-3.0-or-later
"""Every scene, on a phone as on a projector: a line meets no box but those it joins and those they are in, and no words;
packets stay on the lines, and their labels cover no words. Arguments: natsh, and a folder for pictures, if they are wanted."""
import sys

from browser import Browser, Shell

natsh, pictures = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
shell = Shell(natsh)
url = shell.page()
browser = Browser(features=[("prefers-reduced-motion", "reduce")])
SIZES = [(360, 740), (390, 844), (800, 1100), (1280, 800), (1920, 1080)]

WRONG = """
(() => {
  const box = (element) => element.getBoundingClientRect();
  const boxes = [...document.querySelectorAll('#picture [data-device]')].map((e) => ({ name: e.dataset.device, box: box(e) }));
  const texts = [...document.querySelectorAll('#picture svg text')].filter((e) => !e.closest('.packet'))
    .map((e) => ({ name: e.textContent, box: box(e) }));
  const within = (box, point, edge) => point.x > box.left + edge && point.x < box.right - edge && point.y > box.top + edge &&
    point.y < box.bottom - edge;
  const holds = (outer, inner) => outer.left <= inner.left + 1 && outer.right >= inner.right - 1 && outer.bottom >= inner.bottom - 1 &&
    outer.top <= inner.top + 1;
  const wrong = [];
  const links = [...document.querySelectorAll('#picture .link')];
  const trails = links.map((link) => {
    const matrix = link.getScreenCTM(), whole = link.getTotalLength(), points = [];
    for (let at = 0; at <= whole; at += 2) points.push(link.getPointAtLength(at).matrixTransform(matrix));
    return points;
  });
  links.forEach((link, index) => {
    const { from, to } = link.dataset;
    const ends = boxes.filter(({ name }) => name === from || name === to);
    if (ends.length !== 2) wrong.push(`${from}-${to} has no ends`);
    for (const other of boxes) {
      // A box may be passed if it is an end, or an end is in it.
      if (ends.some((end) => end.name === other.name || (end.name !== 'internet' && holds(other.box, end.box)))) continue;
      if (trails[index].some((point) => within(other.box, point, 1))) wrong.push(`${from}-${to} runs through ${other.name}`);
    }
    for (const words of texts) {
      if (words.box.width && ends.every((end) => end.name === 'internet' || !holds(end.box, words.box) ||
          document.querySelector(`#picture .home[data-device="${end.name}"]`)) &&
          trails[index].some((point) => within(words.box, point, 2)) &&
          // The cloud hides what is behind its own name.
          !(from === 'internet' && holds(ends.find((end) => end.name === from).box, words.box)))
        wrong.push(`${from}-${to} runs through the words ${words.name}`);
    }
  });
  const labels = [...document.querySelectorAll('#picture .packet .label')].map(box);
  for (const words of texts)
    if (labels.some((label) => label.left < words.box.right && words.box.left < label.right && label.top < words.box.bottom &&
      words.box.top < label.bottom)) wrong.push(`a label covers ${words.name}`);
  for (const dot of document.querySelectorAll('#picture .packet .dot')) {
    const { left, right, top, bottom } = box(dot), edge = (bottom - top) / 5;
    for (const words of texts)
      if (left < words.box.right && words.box.left < right && top + edge < words.box.bottom && words.box.top < bottom - edge)
        wrong.push(`a packet covers ${words.name}`);
    const x = (left + right) / 2, y = (top + bottom) / 2;
    const isAtDevice = boxes.some((other) => Math.abs((other.box.left + other.box.right) / 2 - x) < 2 && y > other.box.top && y < other.box.bottom);
    if (!isAtDevice && !trails.flat().some((point) => Math.hypot(point.x - x, point.y - y) < 3)) wrong.push('a packet beside the lines');
  }
  const drawing = box(document.querySelector('#picture svg'));
  if (drawing.right > innerWidth) wrong.push(`the drawing is ${drawing.right} px wide`);
  return wrong;
})()
"""


def check(holds, words):
    if not holds:
        raise AssertionError(words)


try:
    browser.open(url)
    scenes = [scene["name"] for scene in shell("scene")["scenes"]]
    check(len(scenes) > 20, f"scenes: {scenes}")
    for scene in scenes:
        shell("scene " + scene)
        nodes = shell("map")["nodes"]
        hosts = [node["name"] for node in nodes if node["kind"] == "host"]
        # A packet each way, on its way.
        shell(f"send {hosts[0]}:5000 {hosts[-1]}:4000")
        shell(f"send {hosts[-1]}:4000 {hosts[0]}:5000")
        shell("step")
        shell("step")
        for width, height in SIZES:
            browser.size(width, height, mobile=width < 600)
            browser.until(f"document.querySelector('#devices')?.textContent.includes({hosts[0]!r})")
            browser.until(f"document.querySelectorAll('#picture .link').length === {len(nodes)}")
            # The drawing follows the window after a moment.
            wrong = browser.settled(WRONG)
            if wrong and pictures:
                browser.picture(f"{pictures}/lines-{scene}-{width}.png")
            check(not wrong, f"{scene} at {width} px: {wrong}")
            if pictures and scene in ("one-home", "call-cgnat"):
                browser.picture(f"{pictures}/lines-{scene}-{width}.png")
    check(not browser.problems, f"the console has errors: {browser.problems}")
finally:
    browser.close()
    shell.close()
