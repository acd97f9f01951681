// SPDX-License-Identifier: GPL-3.0-or-later

extension PageResource {
  /// Moves packets: forwards as they go, and backwards when a step was undone.
  static let motionScript = #"""
    import { say } from "/say.js";
    import { svg, scene, way, pointOn, restingPart } from "/picture.js";

    let moves = true;
    /** Counts the states shown; a motion of an older one ends at once. */
    let current = 0;
    let playing = Promise.resolve();

    export const motionWanted = () => moves;
    export function setMotion(wanted) { moves = wanted; }

    const last = (hops) => hops.length ? hops.at(-1).n : 0;

    /** Calls `draw` with 0 to 1 over so many milliseconds; at once if nothing is to move. */
    function animate(milliseconds, ticket, draw) {
      return new Promise((done) => {
        const began = performance.now();
        const frame = (now) => {
          const part = moves && ticket === current && !document.hidden ? Math.min((now - began) / milliseconds, 1) : 1;
          draw(part);
          if (part < 1) requestAnimationFrame(frame); else done();
        };
        if (moves && ticket === current && !document.hidden) requestAnimationFrame(frame); else { draw(1); done(); }
      });
    }

    /** The facts shown beside a packet: its addresses, and the changes to it. */
    function facts(hop) {
      const identifier = (end, other) => hop.protocol === "icmp" && other && end.includes(":")
        ? end.slice(0, end.lastIndexOf(":") + 1) + other.slice(other.lastIndexOf(":") + 1) : end;
      const source = hop.new_source ?? identifier(hop.source, hop.new_destination);
      const destination = hop.new_destination ?? identifier(hop.destination, hop.new_source);
      const changed = [hop.new_source && say("source"), hop.new_destination && say("destination")].filter(Boolean);
      return { source, destination, oldSource: hop.source, oldDestination: hop.destination, changed };
    }

    function lines(hop, isAfter) {
      const { source, destination, oldSource, oldDestination, changed } = facts(hop);
      const shown = isAfter ? [source, destination] : [oldSource, oldDestination];
      const result = [
        { text: `#${hop.packet} ` + say("from {0}", shown[0]), kind: isAfter && hop.new_source ? "address changed" : "address" },
        { text: say("to {0}", shown[1]), kind: isAfter && hop.new_destination ? "address changed" : "address" }];
      if (!isAfter) return result;
      if (hop.verdict === "dropped") result.push({ text: say("✗ {0} at {1}", hop.reason, hop.node), kind: "note" });
      if (hop.verdict === "delivered") result.push({ text: say("✓ reached {0}", hop.node), kind: "note" });
      if (changed.length) result.push({ text: say("{0} changed by {1}", changed.join(say(" and ")), hop.node), kind: "changed note" });
      return result;
    }

    /** Where packets will be drawn that are not yet. */
    let coming = [];

    /** How much two boxes have in common, in square pixels. */
    const common = (one, other) =>
      Math.max(0, Math.min(one.x + one.w, other.x + other.w) - Math.max(one.x, other.x)) *
      Math.max(0, Math.min(one.y + one.h, other.y + other.h) - Math.max(one.y, other.y));

    /** Whether a line from one point to another meets a box. */
    function meets(from, to, box) {
      for (let part = 0; part <= 1; part += 0.05) {
        const x = from.x + (to.x - from.x) * part, y = from.y + (to.y - from.y) * part;
        if (x > box.x && x < box.x + box.w && y > box.y && y < box.y + box.h) return true;
      }
      return false;
    }

    /**
     * Where a packet's label goes: beside it, above or below, or elsewhere, wherever it covers no card, no other label and no
     * packet. It stays at the side where it was unless another is clearly better. Null where there is no such place.
     */
    function besides(point, w, h, packet) {
      const em = scene.em, gap = 1.1 * em;
      const others = [...scene.packets.children].filter((group) => group.dataset.packet !== String(packet));
      const number = (element, name) => Number(element.getAttribute(name));
      const boxOf = (element) => ({ x: number(element, "x"), y: number(element, "y"), w: number(element, "width"), h: number(element, "height") });
      const around = (x, y) => ({ x: x - 0.8 * em, y: y - 0.8 * em, w: 1.6 * em, h: 1.6 * em });
      const dots = [...others.map((group) => group.querySelector(".dot")).map((dot) => around(number(dot, "cx"), number(dot, "cy"))),
        ...coming.filter((other) => other.packet !== packet).map((other) => around(other.x, other.y))];
      const labels = others.map((group) => group.querySelector(".label")).filter(Boolean).map(boxOf);
      const taken = [...scene.cards, ...labels, ...dots, around(point.x, point.y)];
      const was = scene.packets.querySelector(`[data-packet="${packet}"]`)?.dataset.side;
      const middle = point.x - w / 2, above = point.y - gap - h, level = point.y - h / 2, below = point.y + gap;
      let best = null;
      const consider = (left, top, side) => {
        const box = { x: Math.max(0.1 * em, Math.min(left, scene.width - w - 0.1 * em)),
          y: Math.max(0.1 * em, Math.min(top, scene.height - h - 0.1 * em)), w, h };
        // Nothing is covered, not even by a hair.
        const room = { x: box.x - 0.15 * em, y: box.y - 0.15 * em, w: w + 0.3 * em, h: h + 0.3 * em };
        if (taken.some((other) => common(room, other) > 0)) return;
        const center = { x: box.x + w / 2, y: box.y + h / 2 };
        const near = { x: Math.max(box.x, Math.min(point.x, box.x + w)), y: Math.max(box.y, Math.min(point.y, box.y + h)) };
        const far = Math.hypot(near.x - point.x, near.y - point.y) / em;
        if (best && far - 2 > best.cost) return;
        // A line to the label that goes through a card is as bad as one that is much longer.
        const crossed = scene.cards.filter((card) => meets(point, center, card)).length;
        const cost = far + 8 * crossed - (side === was ? 2 : 0);
        if (!best || cost < best.cost - 0.01) best = { ...box, side, cost };
      };
      for (const far of [0, 3, 6, 9].map((many) => many * em)) {
        const right = point.x + gap + far, left = point.x - gap - w - far;
        [[right, level], [left, level], [right, above], [left, above], [right, below], [left, below], [middle, above - far],
          [middle, below + far]].forEach(([x, y], side) => consider(x, y, `${side} ${far}`));
      }
      // Where there is no room near it: anywhere, and where it just fits between two cards.
      if (!best || best.cost > 3) {
        const across = [point.x + gap, point.x - gap - w, 0, scene.width - w], down = [level, 0, scene.height - h];
        for (const card of scene.cards) {
          across.push(card.x + card.w + 0.2 * em, card.x - w - 0.2 * em);
          down.push(card.y + card.h + 0.2 * em, card.y - h - 0.2 * em);
        }
        // In a crowd that would take too long for every picture of a motion.
        for (const x of across.slice(0, 60)) for (const y of down.slice(0, 60)) consider(x, y, `${Math.round(x)} ${Math.round(y)}`);
      }
      return best;
    }

    /** Draws a packet at a point, with its label; a packet for whose label there is no room has its number alone. */
    function mark(hop, point, isAfter) {
      const em = scene.em;
      const label = lines(hop, isAfter);
      const plain = Math.max(...label.map((line) => line.text.length * (line.kind.startsWith("address") ? 0.62 : 0.66))) * em + 0.8 * em;
      // On a narrow screen it is written smaller, where it finds no room otherwise.
      const most = Math.min(1, (scene.width - 0.4 * em) / plain);
      let room = null, letter, width, height;
      for (let share = most; !room && share > 0.65 * most; share -= 0.15 * most) {
        letter = share * em;
        width = share * plain;
        height = label.length * 1.25 * letter + 0.5 * em;
        room = besides(point, width, height, hop.packet);
      }
      const group = svg("g", { class: "packet " + (isAfter ? hop.verdict : "moving"), "data-packet": hop.packet, "data-side": room?.side ?? "" });
      if (room) {
        const { x, y } = room;
        const words = svg("g", {}, ...label.map((line, index) =>
          svg("text", { class: line.kind, x: x + 0.4 * em, y: y + 0.2 * em + (1 + 1.25 * index) * letter }, line.text)));
        words.style.fontSize = letter + "px";
        group.append(svg("line", { class: "tether", x1: point.x, y1: point.y, x2: x + width / 2, y2: y + height / 2 }),
          svg("rect", { class: "label", x, y, width, height, rx: 0.3 * em }), words);
      }
      group.append(svg("circle", { class: "dot", cx: point.x, cy: point.y, r: 0.8 * em }),
        svg("text", { class: hop.packet > 99 ? "number long" : "number", x: point.x, y: point.y + 0.33 * em, "text-anchor": "middle" }, String(hop.packet)));
      scene.packets.querySelector(`[data-packet="${hop.packet}"]`)?.remove();
      scene.packets.append(group);
      return group;
    }

    /** The way that a packet whose last hop is `hop` has already gone on from there: to the middle of its line. */
    function onward(hop, state) {
      const flight = state.flights.find((flight) => flight.packet === hop.packet);
      const points = flight ? way(flight.from, flight.to) : [];
      return flight?.from === hop.node && points.length > 1 ? { points, end: restingPart(flight.from, flight.to) } : null;
    }

    /** Draws the present state without moving anything: the end of the last packet, and those on their way, the latest first. */
    function rest(state) {
      scene.packets.replaceChildren();
      const byPacket = new Map(state.hops.map((hop) => [hop.packet, hop]));
      const end = state.hops.at(-1);
      const isOver = end && !state.flights.some((flight) => flight.packet === end.packet);
      const marks = [];
      // Of packets at one place each is to be seen, farther along its link.
      const put = (hop, points) => {
        const isFree = (at) => marks.every(({ point }) => Math.hypot(point.x - at.x, point.y - at.y) > 1.7 * scene.em);
        marks.push({ hop, point: points.find(isFree) ?? points[0] });
      };
      if (isOver && scene.nodes.has(end.node)) put(end, [scene.nodes.get(end.node)]);
      const latest = (flight) => byPacket.get(flight.packet)?.n ?? 0;
      for (const flight of state.flights.slice(0, 12).sort((one, other) => latest(other) - latest(one))) {
        const points = way(flight.from, flight.to);
        const hop = byPacket.get(flight.packet) ??
          { packet: flight.packet, node: flight.from, verdict: "sent", source: flight.source, destination: flight.destination };
        const part = restingPart(flight.from, flight.to);
        const parts = [0, 0.12, -0.12, 0.24, -0.24, 0.36, -0.36].map((step) => part + step).filter((at) => at > 0.05 && at < 0.95);
        if (points.length > 1) put(hop, parts.map((at) => pointOn(points, at)));
      }
      // No label lies on a disc that is drawn after it.
      coming = marks.map(({ hop, point }) => ({ packet: hop.packet, ...point }));
      for (const { hop, point } of marks) mark(hop, point, true);
      coming = [];
    }

    function tell(hop) {
      const place = document.getElementById("last");
      place.className = hop?.verdict ?? "";
      place.textContent = hop?.sentence ?? say("Nothing has moved yet.");
    }

    async function forwards(hops, before, state, ticket) {
      const at = new Map(before.map((hop) => [hop.packet, hop]));
      const time = Math.max(120, Math.min(900, 6000 / hops.length));
      for (const hop of hops) {
        const from = at.get(hop.packet);
        at.set(hop.packet, hop);
        tell(hop);
        if (!scene.nodes.has(hop.node)) continue;
        const goal = scene.nodes.get(hop.node);
        if (from && from.node !== hop.node) {
          const points = way(from.node, hop.node);
          if (points.length > 1) {
            // A packet that was seen half way goes on from there.
            const start = from.resting ? restingPart(from.node, hop.node) : 0;
            await animate(time, ticket, (part) => mark(hop, pointOn(points, start + (1 - start) * part), false));
          }
        }
        mark(hop, goal, true);
        if (hop.verdict !== "sent" && hop.verdict !== "forwarded") await animate(time * 1.2, ticket, () => {});
        const further = onward(hop, state);
        if (further) await animate(time * 0.6, ticket, (part) => mark(hop, pointOn(further.points, part * further.end), true));
      }
    }

    async function backwards(gone, state, ticket) {
      for (const hop of gone.toReversed().slice(0, 20)) {
        const from = [...gone, ...state.hops].filter((other) => other.packet === hop.packet && other.n < hop.n).sort((a, b) => a.n - b.n).at(-1);
        const points = from && from.node !== hop.node ? way(from.node, hop.node) : [];
        if (points.length > 1) await animate(350, ticket, (part) => mark(hop, pointOn(points, 1 - part), false));
      }
    }

    /** Shows the way from one state to the next, then calls `done`. */
    export function play(state, earlier, done) {
      const ticket = ++current;
      playing = playing.then(async () => {
        const seen = earlier ? last(earlier.hops) : last(state.hops);
        const isSame = earlier && earlier.hops.every((hop) => hop.n > seen || hop.n < (state.hops[0]?.n ?? 1) ||
          state.hops.some((other) => other.n === hop.n && other.time_us === hop.time_us && other.node === hop.node));
        const fresh = state.hops.filter((hop) => hop.n > seen);
        if (earlier && isSame && fresh.length && moves) {
          const flying = new Set(earlier.flights.map((flight) => flight.packet));
          const before = earlier.hops.map((hop) => ({ ...hop, resting: flying.has(hop.packet) }));
          for (const group of [...scene.packets.children]) if (!flying.has(Number(group.dataset.packet))) group.remove();
          await forwards(fresh, before, state, ticket);
        } else if (earlier && last(state.hops) < seen && moves) {
          await backwards(earlier.hops.filter((hop) => hop.n > last(state.hops)), state, ticket);
        }
        if (ticket !== current) return;
        rest(state);
        tell(state.hops.at(-1));
        done();
      }).catch((error) => { console.error(error); done(); });
    }
    """#
}
