// SPDX-License-Identifier: GPL-3.0-or-later

extension PageResource {
  /// Where the network's parts go, and which way each line takes between them: no line meets a box but those it joins.
  static let layoutScript = #"""
    import { say } from "/say.js";

    // All measures are in ems.
    const wide = 0.6, mono = 0.62;
    /** Between boxes, above a row that lines come down to, and left of boxes that a line goes past. */
    const gap = 1, above = 1.7, beside = 1.8;
    /** The line above a row, and the line beside boxes, as far from their edges. */
    const rail = 1, spine = 0.9;

    export const words = (device) => device.addresses.length ? device.addresses : [say("no address")];
    export const cardWidth = (device) =>
      Math.max(device.name.length * wide, ...words(device).map((text) => text.length * mono), 5) + 1.4;
    export const insideWords = (device) => say("inside {0}", device.inside);
    export const insideWidth = (device) => insideWords(device).length * 0.6 + 0.8;

    /** The devices by the one that they are behind; those on the internet are behind nothing. */
    export function families(devices) {
      const behind = new Map();
      for (const device of devices) {
        const key = device.behind ?? "";
        behind.set(key, [...(behind.get(key) ?? []), device]);
      }
      return behind;
    }

    /** Measures a device and everything behind it; `widest` is where what is in it begins a new row. */
    function measure(device, behind, widest) {
      if (device.kind === "host") return { device, inner: null, w: cardWidth(device), h: 3.8 + 1.25 * words(device).length };
      const inner = arrange(behind.get(device.name) ?? [], behind, widest - 1.6);
      const head = 2.9 + 1.25 * words(device).length;
      const label = device.inside ? insideWidth(device) - 1 : 0;
      return { device, inner, head, w: Math.max(inner.w, cardWidth(device), label) + 1.6,
        h: head + (inner.rows.length ? above + inner.h + 0.6 : 0.2) + (device.inside ? 1.2 : 0) };
    }

    /**
     * Puts devices side by side; or, where there is no room for that, in rows, or in a list of rows of one, with a line
     * beside them that leads to each.
     */
    export function arrange(devices, behind, widest) {
      const limit = devices.length > 1 ? widest - beside : widest;
      const boxes = devices.map((device) => measure(device, behind, limit));
      const together = boxes.reduce((sum, box) => sum + gap + box.w, -gap);
      const rows = [];
      for (const box of boxes) {
        const row = rows.at(-1);
        if (row && (together <= widest || row.w + gap + box.w <= limit)) {
          row.boxes.push(box);
          row.w += gap + box.w;
          row.h = Math.max(row.h, box.h);
        } else {
          rows.push({ boxes: [box], w: box.w, h: box.h });
        }
      }
      const isOne = rows.length <= 1, isList = !isOne && rows.every((row) => row.boxes.length === 1);
      const between = isList ? 1.1 : above + 0.2;
      return { rows, isOne, isList, between, w: Math.max(0, ...rows.map((row) => row.w)) + (isOne ? 0 : beside),
        h: rows.reduce((sum, row) => sum + row.h, 0) + between * Math.max(rows.length - 1, 0) };
    }

    /**
     * The places of everything behind a node, from `left` and `top` on: calls `put` with each box, where it is, and the way
     * that its line takes from the node. `node` has its own place, and `out`, where its lines begin.
     */
    export function place(inner, left, top, width, node, put) {
      const start = left + Math.max(0, (width - inner.w) / 2);
      const side = start + spine;
      const first = top - rail;
      let y = top;
      inner.rows.forEach((row, index) => {
        let x = inner.isOne ? left + Math.max(0, (width - row.w) / 2) : start + beside;
        for (const box of row.boxes) {
          const middle = x + box.w / 2, end = { x: middle, y: y + 0.9 };
          const over = y - rail;
          let way;
          if (inner.isList && node.isOpen) way = [{ x: side, y: node.out.y }, { x: side, y: end.y }];
          else if (inner.isList) way = [{ x: node.out.x, y: first }, { x: side, y: first }, { x: side, y: end.y }];
          else if (index === 0) way = [{ x: node.out.x, y: first }, { x: middle, y: first }];
          else way = [{ x: node.out.x, y: first }, { x: side, y: first }, { x: side, y: over }, { x: middle, y: over }];
          put(box, x, y, end, [node.out, ...way, end]);
          x += box.w + gap;
        }
        y += row.h + inner.between;
      });
    }

    // How tall the internet's cloud is with the room above it, and the least room below, where packets' labels go.
    const cloud = 2.9, most = 8;
    const least = (inner) => inner.isList ? 6.1 : 4.6;

    /**
     * The way to lay out a whole network in which its letters are largest; `height` is null where it may be any, and `fills`
     * tells whether the drawing takes all of it.
     */
    export function wholeLayout(devices, room, height, fills, largest, smallest) {
      const behind = families(devices);
      let best = null;
      for (const widest of [400, 200, 120, 80, 60, 52, 45, 38, 34, 30, 26, 22, 19, 16, 12]) {
        const inner = arrange(behind.get("") ?? [], behind, widest);
        const w = Math.max(inner.w + (inner.isOne ? 1 : 0.4), 15.5), h = cloud + least(inner) + inner.h + 0.4;
        const em = Math.min(room / w, (height ?? Infinity) / h, largest);
        if (!best || em > best.em + 0.4) best = { inner, w, h, em };
      }
      const em = Math.max(best.em, smallest);
      const spare = height ? Math.max(0, height / em - best.h) : 0;
      const w = Math.max(best.w, room / em), extra = Math.min(spare, most - least(best.inner));
      // What is left stays below, so that labels find room there too.
      const h = best.h + (fills ? spare : extra);
      const isList = best.inner.isList;
      // Beside a list the line leaves the cloud at its side.
      const reach = isList ? Math.max(4.6, Math.min(best.inner.w / 2 - spine - 0.8, 7)) : Math.min(w / 2 - 0.3, 7);
      const middle = { x: w / 2, y: 1.6 };
      const out = isList ? { x: w / 2 - reach, y: middle.y } : { x: w / 2, y: cloud };
      return { em, w, h, inner: best.inner, reach, top: cloud + least(best.inner) + extra,
        internet: { ...middle, out, isOpen: true, behind: null, kind: "internet" } };
    }
    """#
}
