// SPDX-License-Identifier: GPL-3.0-or-later

extension PageResource {
  /// Draws the network: homes as homes, routers in routers, the internet above all.
  static let pictureScript = #"""
    import { say } from "/say.js";
    const space = "http://www.w3.org/2000/svg";

    /** An SVG element with its attributes and contents. */
    export function svg(name, attributes = {}, ...children) {
      const element = document.createElementNS(space, name);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      for (const child of children) element.append(child);
      return element;
    }

    /**
     * Where things are, in pixels: `nodes` by name, each with its middle and the name of the node in front of it; `cards` are
     * the boxes that have words in them.
     */
    export const scene = { nodes: new Map(), cards: [], packets: null, em: 16, width: 0, height: 0 };

    const wide = 0.6, mono = 0.62;
    const words = (device) => device.addresses.length ? device.addresses : [say("no address")];
    const cardWidth = (device) =>
      Math.max(device.name.length * wide, ...words(device).map((text) => text.length * mono), 5) + 1.4;

    /** Measures a device and everything behind it, in ems; `widest` is where its children begin a new row. */
    function measure(device, behind, widest) {
      const children = (behind.get(device.name) ?? []).map((child) => measure(child, behind, widest));
      if (device.kind === "host") return { device, children, w: cardWidth(device), h: 3.9 + 1.25 * words(device).length };
      const { rows, w, h } = flow(children, widest);
      const head = 2.9 + 1.25 * words(device).length;
      const label = device.inside ? device.inside.length * mono + 6 : 0;
      return { device, children, rows, head, w: Math.max(w, cardWidth(device), label) + 1.6, h: head + (children.length ? h + 2.2 : 0.4) + (device.inside ? 1 : 0) };
    }

    function flow(boxes, widest) {
      const rows = [];
      for (const box of boxes) {
        const row = rows.at(-1);
        if (row && row.w + 1 + box.w <= widest) { row.boxes.push(box); row.w += 1 + box.w; row.h = Math.max(row.h, box.h); }
        else rows.push({ boxes: [box], w: box.w, h: box.h });
      }
      return { rows, w: Math.max(0, ...rows.map((row) => row.w)), h: rows.reduce((sum, row) => sum + row.h + 1.6, 0) };
    }

    const link = (from, to) => svg("line", { class: "link", x1: from.x, y1: from.y, x2: to.x, y2: to.y });

    function text(x, y, words, kind = "") {
      return svg("text", { x, y, class: kind, "text-anchor": "middle" }, words);
    }

    /** Lays rows of boxes below `top`, in the middle of `left` to `left + width`, and hangs them on `anchor`. */
    function place(rows, left, top, width, anchor, layers, em) {
      for (const row of rows) {
        let x = left + (width - row.w * em) / 2;
        for (const box of row.boxes) {
          draw(box, x, top, anchor, layers, em);
          x += (box.w + 1) * em;
        }
        top += (row.h + 1.6) * em;
      }
    }

    function draw(box, x, y, anchor, layers, em) {
      const { device } = box;
      const w = box.w * em, h = box.h * em, middle = x + w / 2;
      const node = { x: middle, y: y + 0.9 * em, behind: device.behind ?? "internet", kind: device.kind };
      scene.nodes.set(device.name, node);
      layers.links.append(link(anchor, node));
      if (device.kind === "host") {
        scene.cards.push({ x, y, w, h });
        layers.cards.append(
          svg("rect", { class: "device", x, y, width: w, height: h, rx: 0.5 * em }),
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
      const isHome = box.children.length > 0 && box.children.every((child) => child.device.kind === "host");
      if (isHome) {
        layers.homes.append(svg("path", { class: "home", d:
          `M${x} ${y + 2.2 * em}L${middle} ${y - 0.5 * em}L${x + w} ${y + 2.2 * em}V${y + h}H${x}Z` }));
      } else {
        layers.homes.append(svg("rect", { class: "home", x, y: y + 0.4 * em, width: w, height: h - 0.4 * em, rx: 0.4 * em }));
      }
      layers.cards.append(
        svg("rect", { class: "glyph", x: middle - 1.3 * em, y: y + 0.45 * em, width: 2.6 * em, height: 0.9 * em, rx: 0.3 * em }),
        svg("path", { class: "glyph", d: `M${middle - 0.8 * em} ${y + 0.45 * em}v${-0.6 * em}M${middle + 0.8 * em} ${y + 0.45 * em}v${-0.6 * em}` }),
        text(middle, y + 2.4 * em, device.name + (device.translates ? "" : say(" (nat off)")), "name"));
      words(device).forEach((line, index) =>
        layers.cards.append(text(middle, y + (3.65 + 1.25 * index) * em, line, "address")));
      if (device.inside) layers.cards.append(
        svg("text", { x: x + 0.6 * em, y: y + h - 0.6 * em, class: "small" }, say("inside {0}", device.inside)));
      const own = { x: middle, y: y + (box.head - 0.2) * em };
      place(box.rows, x, y + (box.head + 1.7) * em, w, own, layers, em);
    }

    export function drawPicture(state) {
      const picture = document.getElementById("picture");
      const behind = new Map();
      for (const device of state.devices) {
        const key = device.behind ?? "";
        behind.set(key, [...(behind.get(key) ?? []), device]);
      }
      const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
      const room = picture.clientWidth - 4;
      const height = Math.max(innerHeight * 0.66, 320);
      // As large as fits; if that would be too small to read, rows are broken, and then it scrolls.
      let best = null;
      for (const widest of [200, 60, 44, 34, 24]) {
        const boxes = (behind.get("") ?? []).map((device) => measure(device, behind, widest));
        const { rows, w, h } = flow(boxes, widest);
        const whole = { rows, w: Math.max(w, 14) + 1, h: h + 9.2 };
        whole.em = Math.min(room / whole.w, height / whole.h, root * 1.15);
        if (!best || whole.em > best.em + 0.5) best = whole;
      }
      const em = Math.max(best.em, Math.min(root, 16));
      // All the room there is, so that labels find some beside the network.
      const w = Math.max(best.w * em, room), h = best.h * em;
      document.documentElement.style.setProperty("--drawing", em + "px");
      Object.assign(scene, { nodes: new Map(), cards: [], em, width: w, height: h });
      const layers = {};
      for (const name of ["homes", "links", "cards", "packets"]) layers[name] = svg("g");
      const internet = { x: w / 2, y: 2.1 * em, behind: null, kind: "internet" };
      scene.nodes.set("internet", internet);
      place(best.rows, 0, 8.4 * em, w, internet, layers, em);
      const reach = Math.min(w / 2 - 0.3 * em, 11 * em);
      scene.cards.push({ x: w / 2 - reach, y: internet.y - 1.6 * em, w: 2 * reach, h: 3.2 * em });
      layers.cards.append(
        svg("ellipse", { class: "cloud", cx: w / 2, cy: internet.y, rx: reach, ry: 1.6 * em }),
        text(w / 2, internet.y + 0.35 * em, say("the internet"), "name"));
      scene.packets = layers.packets;
      const drawing = svg("svg", { width: w, height: h, viewBox: `0 0 ${w} ${h}`, "aria-hidden": "true" },
        layers.homes, layers.links, layers.cards, layers.packets);
      picture.replaceChildren(drawing);
      if (state.devices.length === 0) {
        const nothing = document.createElement("p");
        nothing.textContent = say("There is nothing yet: scene one-home loads a network.");
        picture.append(nothing);
      }
      if (state.devices_left_out > 0) {
        const more = document.createElement("p");
        more.textContent = say("and {0} more devices, which are not drawn", state.devices_left_out);
        picture.append(more);
      }
    }

    /** The places on the way from one node to another, both included. */
    export function way(from, to) {
      const up = (name) => {
        const names = [];
        for (let at = name; at !== null && scene.nodes.has(at); at = scene.nodes.get(at).behind) names.push(at);
        return names;
      };
      const left = up(from), right = up(to);
      if (!left.length || !right.length) return [];
      while (left.length > 1 && right.length > 1 && left.at(-2) === right.at(-2)) { left.pop(); right.pop(); }
      return [...left, ...right.slice(0, -1).reverse()].map((name) => scene.nodes.get(name));
    }

    /** The point at a part (0 to 1) of a way. */
    export function pointOn(points, part) {
      const lengths = points.slice(1).map((point, index) => Math.hypot(point.x - points[index].x, point.y - points[index].y));
      let rest = lengths.reduce((sum, length) => sum + length, 0) * part;
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
