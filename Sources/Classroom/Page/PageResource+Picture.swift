// SPDX-License-Identifier: GPL-3.0-or-later

extension PageResource {
  /// Draws the network: homes as homes, routers in routers, the internet above all.
  static let pictureScript = #"""
    import { say } from "/say.js";
    import { words, cardWidth, insideWords, insideWidth, place, wholeLayout } from "/layout.js";

    const space = "http://www.w3.org/2000/svg";

    /** An SVG element with its attributes and contents. */
    export function svg(name, attributes = {}, ...children) {
      const element = document.createElementNS(space, name);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      for (const child of children) element.append(child);
      return element;
    }

    /**
     * Where things are, in pixels: `nodes` by name, each with its middle, the name of the node in front of it and the way
     * from there; `cards` are the boxes that have words in them.
     */
    export const scene = { nodes: new Map(), cards: [], packets: null, em: 16, width: 0, height: 0 };

    function text(x, y, words, kind = "") {
      return svg("text", { x, y, class: kind, "text-anchor": "middle" }, words);
    }

    const path = (points) => points.map((point, index) => `${index ? "L" : "M"}${point.x} ${point.y}`).join("");

    /** Draws a device at its place, in ems, with its line, and then what is behind it. */
    function draw(box, left, top, end, line, layers, em) {
      const { device } = box;
      const scaled = (point) => ({ x: point.x * em, y: point.y * em });
      const x = left * em, y = top * em, w = box.w * em, h = box.h * em, middle = x + w / 2;
      const own = { ...end, out: { x: end.x, y: top + (box.head ?? 0) }, isOpen: false };
      const front = device.behind ?? "internet";
      const way = line.map(scaled);
      scene.nodes.set(device.name, { ...scaled(own), out: scaled(own.out), behind: front, kind: device.kind, way });
      layers.links.append(svg("path", { class: "link", d: path(way), "data-from": front, "data-to": device.name }));
      if (device.kind === "host") {
        scene.cards.push({ x, y, w, h });
        layers.cards.append(
          svg("rect", { class: "device", x, y, width: w, height: h, rx: 0.5 * em, "data-device": device.name }),
          svg("rect", { class: "glyph", x: middle - 0.95 * em, y: y + 0.35 * em, width: 1.9 * em, height: 1.2 * em, rx: 0.15 * em }),
          svg("path", { class: "glyph", d: `M${middle - 1.3 * em} ${y + 1.85 * em}h${2.6 * em}` }),
          text(middle, y + 3.1 * em, device.name, "name"));
        words(device).forEach((line, index) =>
          layers.cards.append(text(middle, y + (4.4 + 1.25 * index) * em, line, "address")));
        return;
      }
      const head = cardWidth(device) * em;
      scene.cards.push({ x: middle - head / 2, y, w: head, h: box.head * em });
      // A router with nothing but hosts behind it is a home, and has a roof.
      const behind = box.inner.rows.flatMap((row) => row.boxes);
      const kind = { class: "home", "data-device": device.name };
      if (behind.length > 0 && behind.every((child) => child.device.kind === "host")) {
        layers.homes.append(svg("path", { ...kind, d:
          `M${x} ${y + 2.2 * em}L${middle} ${y - 0.5 * em}L${x + w} ${y + 2.2 * em}V${y + h}H${x}Z` }));
      } else {
        layers.homes.append(svg("rect", { ...kind, x, y: y + 0.4 * em, width: w, height: h - 0.4 * em, rx: 0.4 * em }));
      }
      layers.cards.append(
        svg("rect", { class: "glyph", x: middle - 1.3 * em, y: y + 0.45 * em, width: 2.6 * em, height: 0.9 * em, rx: 0.3 * em }),
        svg("path", { class: "glyph", d: `M${middle - 0.8 * em} ${y + 0.45 * em}v${-0.6 * em}M${middle + 0.8 * em} ${y + 0.45 * em}v${-0.6 * em}` }),
        text(middle, y + 2.4 * em, device.name + (device.translates ? "" : say(" (nat off)")), "name"));
      words(device).forEach((line, index) =>
        layers.cards.append(text(middle, y + (3.65 + 1.25 * index) * em, line, "address")));
      if (device.inside) {
        scene.cards.push({ x, y: y + h - 1.5 * em, w: insideWidth(device) * em, h: 1.3 * em });
        layers.cards.append(svg("text", { x: x + 0.6 * em, y: y + h - 0.5 * em, class: "small" }, insideWords(device)));
      }
      place(box.inner, left + 0.8, top + box.head + 1.7, box.w - 1.6, own, (...child) => draw(...child, layers, em));
    }

    export function drawPicture(state) {
      const picture = document.getElementById("picture");
      const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
      // On the projector all of it is seen at once; on a phone it is as tall as it has to be.
      const isWhole = getComputedStyle(picture).getPropertyValue("--whole").trim() === "1";
      const note = (words) => Object.assign(document.createElement("p"), { textContent: words });
      const notes = [];
      if (state.devices.length === 0) notes.push(note(say("There is nothing yet: scene one-home loads a network.")));
      if (state.devices_left_out > 0) notes.push(note(say("and {0} more devices, which are not drawn", state.devices_left_out)));
      // They take room from the drawing.
      picture.replaceChildren(...notes);
      const taken = notes.reduce((sum, words) => sum + words.offsetHeight, 0);
      const height = isWhole ? picture.clientHeight - 4 - taken : innerWidth < 600 ? null : Math.max(innerHeight * 0.66, 320);
      const room = picture.clientWidth - 4;
      const layout = wholeLayout(state.devices, room, height, isWhole, root * 1.15, isWhole ? 7 : 11);
      const { em } = layout;
      const w = layout.w * em, h = layout.h * em;
      document.documentElement.style.setProperty("--drawing", em + "px");
      Object.assign(scene, { nodes: new Map(), cards: [], em, width: w, height: h });
      const layers = {};
      for (const name of ["homes", "links", "cards", "packets"]) layers[name] = svg("g");
      const { internet, reach } = layout;
      const x = internet.x * em, y = internet.y * em;
      // What is at the internet is at the cloud's edge, where its name stays to be read.
      const out = { x: internet.out.x * em, y: internet.out.y * em };
      scene.nodes.set("internet", { ...internet, ...out, out });
      place(layout.inner, 0, layout.top, layout.w, internet, (...box) => draw(...box, layers, em));
      scene.cards.push({ x: x - reach * em, y: y - 1.3 * em, w: 2 * reach * em, h: 2.6 * em });
      layers.cards.append(
        svg("ellipse", { class: "cloud", cx: x, cy: y, rx: reach * em, ry: 1.3 * em, "data-device": "internet" }),
        text(x, y + 0.35 * em, say("the internet"), "name"));
      scene.packets = layers.packets;
      const drawing = svg("svg", { width: w, height: h, viewBox: `0 0 ${w} ${h}`, "aria-hidden": "true" },
        layers.homes, layers.links, layers.cards, layers.packets);
      if (state.devices.length === 0) picture.append(drawing); else picture.prepend(drawing);
    }

    /** The places on the way from one node to another along the lines, both included. */
    export function way(from, to) {
      const up = (name) => {
        const names = [];
        for (let at = name; at !== null && scene.nodes.has(at); at = scene.nodes.get(at).behind) names.push(at);
        return names;
      };
      const left = up(from), right = up(to);
      if (!left.length || !right.length) return [];
      while (left.length > 1 && right.length > 1 && left.at(-2) === right.at(-2)) { left.pop(); right.pop(); }
      const top = scene.nodes.get(left.at(-1));
      const lines = (names) => names.slice(0, -1).map((name) => {
        const node = scene.nodes.get(name), front = scene.nodes.get(node.behind);
        return [...node.way.toReversed(), front];
      }).flat();
      const upwards = lines(left), downwards = lines(right).reverse();
      // Who only passes turns where the lines meet.
      if (upwards.length && downwards.length) { upwards.pop(); downwards.shift(); }
      const points = [...upwards, ...downwards];
      return (points.length ? points : [top]).filter((point, index) =>
        index === 0 || point.x !== points[index - 1].x || point.y !== points[index - 1].y);
    }

    const lengthOf = (points) => points.slice(1).reduce((sum, point, index) =>
      sum + Math.hypot(point.x - points[index].x, point.y - points[index].y), 0);

    /** The part (0 to 1) of a way at which a packet rests: the middle of its line, beside the words of whom it leaves or reaches. */
    export function restingPart(from, to) {
      const whole = lengthOf(way(from, to));
      const hidden = (child, front) => {
        const node = scene.nodes.get(child);
        return node?.behind === front ? Math.hypot(node.way[0].x - scene.nodes.get(front).x, node.way[0].y - scene.nodes.get(front).y) : 0;
      };
      return whole ? (whole + hidden(to, from) - hidden(from, to)) / 2 / whole : 0.5;
    }

    /** The point at a part (0 to 1) of a way. */
    export function pointOn(points, part) {
      const lengths = points.slice(1).map((point, index) => Math.hypot(point.x - points[index].x, point.y - points[index].y));
      let rest = lengthOf(points) * part;
      for (let index = 0; index < lengths.length; index++) {
        if (rest <= lengths[index] && lengths[index] > 0) {
          const share = rest / lengths[index];
          return { x: points[index].x + (points[index + 1].x - points[index].x) * share,
            y: points[index].y + (points[index + 1].y - points[index].y) * share };
        }
        rest -= lengths[index];
      }
      return points.at(-1);
    }
    """#
}
