// SPDX-License-Identifier: GPL-3.0-or-later

extension PageResource {
  /// The parts beside the drawing: tables, ladder, lesson, and the events in sentences.
  static let panelsScript = #"""
    import { say } from "/say.js";
    import { svg } from "/picture.js";

    const byId = (id) => document.getElementById(id);

    /** An element with words or elements in it; words are never markup. */
    function element(name, kind, ...children) {
      const made = document.createElement(name);
      if (kind) made.className = kind;
      made.append(...children);
      return made;
    }

    export function timeText(microseconds) {
      if (microseconds < 1000) return microseconds === 0 ? "0ms" : microseconds + "us";
      if (microseconds < 1e6) return Number((microseconds / 1000).toFixed(3)) + "ms";
      // From a minute up nobody counts less than seconds.
      const digits = microseconds < 6e7 ? 100 : 1;
      const total = Math.floor(microseconds / 1e6 * digits) / digits;
      const hours = Math.floor(total / 3600), minutes = Math.floor(total / 60) % 60;
      const seconds = Number((total % 60).toFixed(2));
      return (hours ? hours + "h" : "") + (minutes ? minutes + "m" : "") + (seconds ? seconds + "s" : "");
    }

    // MARK: tables

    /** The rows shown for each router, by router and row. */
    let shown = new Map();

    const key = (row) => [row.id, row.external, row.internal, row.created_by].join(" ");

    /** A cell with addresses, which breaks between an address and its port, and between groups of IPv6, never in a number. */
    function addresses(words) {
      const cell = element("td", "address");
      for (const part of words.split(/(?=:)|(?<= )/)) cell.append(part, document.createElement("wbr"));
      return cell;
    }

    /** Shows the last of what is new in a place that scrolls, and lets the keyboard scroll it. */
    function reveal(place, newest) {
      if (newest) {
        const top = newest.getBoundingClientRect().top - place.getBoundingClientRect().top + place.scrollTop;
        const head = place.querySelector("thead")?.offsetHeight ?? 0;
        place.scrollTop = Math.max(0, Math.min(top + newest.offsetHeight - place.clientHeight, top - head));
      }
      if (place.scrollHeight > place.clientHeight + 1 || place.scrollWidth > place.clientWidth + 1) place.tabIndex = 0;
    }

    /** The words for how a row ended. */
    const ends = { "timed-out": say("timed out"), removed: say("removed"), emptied: say("emptied") };

    /** `end` is how the row ended; undefined while it exists. */
    function rowElement(row, was, end) {
      const word = end ? ends[end] : !was ? say("new") : row.expires_in_us > was.expires_in_us ? say("lives longer") : "";
      const left = element("td", "left");
      if (end) left.append(element("span", "word", word));
      else if (row.expires_in_us === null) left.append(row.static ? say("static") : say("no limit"));
      else {
        left.append(timeText(row.expires_in_us));
        const whole = Math.max(was?.whole ?? 0, row.expires_in_us);
        const bar = element("meter", "");
        bar.max = whole; bar.value = row.expires_in_us; bar.title = say("time left");
        // The time stands before it.
        bar.setAttribute("aria-hidden", "true");
        left.append(bar);
      }
      if (word && !end) left.append(element("span", "word", word));
      const admits = row.permitted.includes("*") ? say("anyone") : row.permitted.slice(0, 3).join(", ") +
        (row.permitted.length > 3 ? say(" and {0} more", row.permitted.length - 3) : "") || say("nobody");
      return element("tr", end ? "gone" : !was ? "new" : "", element("td", "", String(row.id)),
        addresses(row.internal), addresses(row.external), addresses(admits), left);
    }

    /** Shows the tables; only where they were those `before` are rows that are missing known to have ended. */
    export function showTables(state, before) {
      if (!before) shown = new Map();
      const now = new Map();
      const routers = state.tables.map((table) => {
        const known = shown.get(table.router) ?? new Map();
        const rows = new Map();
        const body = element("tbody", "");
        for (const row of table.mappings) {
          const was = known.get(key(row));
          rows.set(key(row), { ...row, whole: Math.max(was?.whole ?? 0, row.expires_in_us ?? 0) });
          body.append(rowElement(row, before ? was : row));
        }
        const ended = new Map((table.ended || []).map((row) => [row.id + " " + row.external, row.how]));
        for (const [name, row] of known) {
          // What was undone never was; what a table leaves out is still there.
          const end = ended.get(row.id + " " + row.external);
          if (rows.has(name) || !end) continue;
          const gone = rowElement(row, row, end);
          body.append(gone);
          setTimeout(() => gone.classList.add("fading"), 2500);
        }
        now.set(table.router, rows);
        if (!body.children.length) body.append(element("tr", "", Object.assign(element("td", "", say("no rows")), { colSpan: 5 })));
        if (table.left_out) body.append(element("tr", "", Object.assign(element("td", "", say("and {0} older rows", table.left_out)), { colSpan: 5 })));
        const heads = [say("row"), say("inside"), say("outside"), say("admits"), say("time left")].map((name) => Object.assign(element("th", "", name), { scope: "col" }));
        const title = element("h3", "", table.router);
        title.id = "table-of-" + table.router;
        const whole = element("table", "", element("thead", "", element("tr", "", ...heads)), body);
        whole.setAttribute("aria-labelledby", title.id);
        const place = element("div", "rows", whole);
        place.setAttribute("role", "group");
        place.setAttribute("aria-labelledby", title.id);
        return element("div", "router", title, place);
      });
      shown = now;
      if (!routers.length) routers.push(element("p", "", say("There is no router, so there is no table.")));
      byId("routers").replaceChildren(...routers);
      revealRows();
    }

    /** Shows the newest row of each router, and the router that has it. */
    function revealRows() {
      let newest = null;
      for (const rows of document.querySelectorAll("#routers .rows")) {
        const changed = [...rows.querySelectorAll("tr.new, tr.gone")].at(-1);
        if (changed) newest = rows.parentElement;
        reveal(rows, changed ?? rows.querySelector("tbody tr:last-child"));
      }
      reveal(byId("routers"), newest);
    }

    // What comes and goes beside them leaves them another height: then too the newest is seen.
    const newest = new ResizeObserver(() => {
      revealRows();
      for (const name of ["ladder", "log"]) byId(name).scrollTop = byId(name).scrollHeight;
    });
    for (const name of ["routers", "ladder", "log"]) newest.observe(byId(name));

    // MARK: ladder

    export function showLadder(state) {
      const hops = state.hops.slice(-40);
      const named = ["internet", ...state.devices.map((device) => device.name)];
      const present = new Set(hops.map((hop) => hop.node));
      const order = [];
      for (const hop of hops) if (!order.includes(hop.node)) order.push(hop.node);
      const columns = order.filter((name) => present.has(name) && named.includes(name));
      const before = new Map();
      const events = [];
      for (const hop of hops) {
        const from = before.get(hop.packet);
        before.set(hop.packet, hop.node);
        if (hop.verdict === "sent" && !hop.reason) continue;
        events.push({ hop, from: from === hop.node ? undefined : from });
      }
      const place = byId("ladder");
      if (!events.length) { place.replaceChildren(element("p", "", say("Nothing has arrived anywhere yet."))); return; }
      const root = parseFloat(getComputedStyle(document.documentElement).fontSize);
      const told = ({ hop }) => `#${hop.packet} ${hop.source} → ${hop.destination}`;
      const refused = ({ hop }) => `✗ #${hop.packet} ${hop.reason}`;
      const latest = events.slice(-14);
      const letters = (text) => text.length * 0.63;
      // In ems: the times, the longest line of words, and what the names need beside each other.
      const left = Math.max(...latest.map(({ hop }) => letters(timeText(hop.time_us)))) + 0.8;
      const longest = Math.max(...latest.map((event) => letters(told(event))));
      const names = columns.map((name) => letters(name) + 1);
      const pitch = (whole) => columns.length < 2 ? 0 : Math.max(Math.max(...names), (whole - left - names[0] / 2 - names.at(-1) / 2) / (columns.length - 1));
      const least = left + Math.max(longest + 0.4, columns.length * Math.max(...names));
      const em = Math.max(Math.min(root * 0.72, (place.clientWidth - 16) / least), 9);
      const whole = Math.max(least, (place.clientWidth - 16) / em);
      const x = (name) => (left + names[0] / 2 + columns.indexOf(name) * pitch(whole)) * em;
      const width = whole * em;
      const from = (wanted, text) => Math.max(left * em, Math.min(wanted, width - letters(text) * em));
      const drawing = svg("svg", { "aria-hidden": "true" }), lifelines = svg("g"), words = svg("g");
      drawing.append(lifelines, words);
      let y = 1.4 * em;
      for (const event of latest) {
        const { hop, from: before } = event;
        words.append(svg("text", { x: 0, y: y + 0.3 * em, class: "small" }, timeText(hop.time_us)));
        if (before !== undefined && columns.includes(before)) {
          const [start, end] = [x(before), x(hop.node)], sign = Math.sign(end - start);
          words.append(
            svg("text", { x: from((start + end - letters(told(event)) * em) / 2, told(event)), y: y - 0.4 * em, class: "address over" }, told(event)),
            svg("line", { class: "arrow", x1: start, y1: y, x2: end - sign * 0.5 * em, y2: y }),
            svg("path", { class: "arrow-head", d: `M${end} ${y}l${-sign * 0.8 * em} ${-0.4 * em}v${0.8 * em}Z` }));
        }
        if (hop.reason) {
          y += 1.3 * em;
          words.append(svg("text", { x: from(x(hop.node) - 0.4 * em, refused(event) + "  "), y: y + 0.3 * em, class: "refused over" }, refused(event)));
        }
        y += 2.1 * em;
      }
      const head = svg("svg", { "aria-hidden": "true", class: "names" });
      for (const name of columns) {
        lifelines.append(svg("line", { class: "lifeline", x1: x(name), y1: 0, x2: x(name), y2: y }));
        head.append(svg("text", { x: x(name), y: 1.1 * em, "text-anchor": "middle", class: "name" }, name));
      }
      for (const [part, height] of [[head, 1.5 * em], [drawing, y - 0.6 * em]]) {
        part.setAttribute("width", width);
        part.setAttribute("height", height);
        part.style.fontSize = em + "px";
      }
      place.replaceChildren(head, drawing);
      place.scrollTop = place.scrollHeight;
    }

    // MARK: lesson

    function inline(piece) {
      switch (piece.kind) {
      case "code": return element("code", "", piece.words);
      case "emphasis": return element("em", "", ...piece.inner.map(inline));
      case "strong": return element("strong", "", ...piece.inner.map(inline));
      case "link": return element("span", "", ...piece.inner.map(inline));
      case "break": return document.createElement("br");
      default: return document.createTextNode(piece.words);
      }
    }

    function block(prose) {
      switch (prose.kind) {
      case "heading": return element("h4", "", ...prose.text.map(inline));
      case "list": {
        const list = element(prose.start === undefined ? "ul" : "ol", "", ...prose.items.map((item) => element("li", "", ...item.map(block))));
        if (prose.start !== undefined) list.start = prose.start;
        return list;
      }
      case "quotation": return element("blockquote", "", ...prose.blocks.map(block));
      case "code": case "commands": return element("pre", "", element("code", "", prose.lines.join("\n")));
      case "table": return element("table", "", ...prose.rows.map((row, index) =>
        element("tr", "", ...row.map((cell) => element(index ? "td" : "th", "", ...cell.map(inline))))));
      case "rule": return document.createElement("hr");
      default: return element("p", "", ...prose.text.map(inline));
      }
    }

    let lessonShown = "";
    export function showLesson(state) {
      const now = JSON.stringify(state.lesson);
      if (now === lessonShown) return;
      lessonShown = now;
      const { lesson } = state;
      byId("lesson").hidden = !lesson;
      if (!lesson) return;
      byId("lesson-title").textContent = say("{0}, step {1} of {2}", lesson.title, lesson.step, lesson.steps);
      byId("task").textContent = lesson.task + (lesson.done ? say(" (done)") : "");
      byId("prose").replaceChildren(...lesson.prose.map(block));
    }

    // MARK: questions

    /** What each place for a question shows. */
    const questions = new Map();

    /**
     * Shows a question in its place, with its choices, how often each was taken where that may be seen, and which is right
     * once it is revealed; null leaves the place empty. `take` is called with the choice that is pressed; null where nothing
     * can be pressed.
     */
    export function showQuestion(place, question, take) {
      const now = JSON.stringify(question);
      if (questions.get(place) === now) return;
      questions.set(place, now);
      place.hidden = !question;
      if (!question) return;
      place.querySelector("h2").textContent = question.text;
      const most = Math.max(1, ...(question.counts ?? []));
      place.querySelector("ol").replaceChildren(...question.choices.map((choice, index) => {
        const number = index + 1, isRight = question.right === number;
        const item = element("li", isRight ? "right" : question.chosen === number ? "chosen" : "");
        if (take) {
          const button = element("button", "", choice);
          button.type = "button";
          button.addEventListener("click", () => take(number));
          item.append(button);
        } else {
          item.append(element("span", "", choice));
        }
        if (isRight) item.append(element("span", "word", say(" ✓ right")));
        if (question.chosen === number) item.append(element("span", "word", say(" your answer")));
        if (question.counts) {
          const bar = element("meter", "count");
          bar.max = most; bar.value = question.counts[index];
          // The number stands beside it.
          bar.setAttribute("aria-hidden", "true");
          item.append(element("div", "votes", bar, element("span", "number", String(question.counts[index]))));
        }
        return item;
      }));
      const status = place.querySelector("[role=status]");
      status.textContent = stateOf(question);
      // The explanation scrolls by itself: what was asked, and what is right, stay to be seen.
      const because = place.querySelector(".because");
      because.textContent = [question.because ?? "", question.then ?? ""].join(" ").trim();
      because.hidden = !because.textContent;
      because.scrollTop = place.scrollTop = 0;
      if (because.scrollHeight > because.clientHeight + 1) because.tabIndex = 0; else because.removeAttribute("tabindex");
    }

    /** How far a question is, in words. */
    function stateOf(question) {
      const words = [];
      if (question.answers !== undefined) words.push(question.answers === 1 ? say("1 answer.") : say("{0} answers.", question.answers));
      if (question.chosen && !question.revealed) words.push(say("Your answer has been counted: number {0}. Wait for the others.", question.chosen));
      if (question.chosen && question.revealed && question.right)
        words.push(question.chosen === question.right ? say("You were right.") : say("Number {0} is right.", question.right));
      return words.join(" ");
    }

    // MARK: what happened

    export function showLog(state, earlier) {
      const log = byId("log");
      const seen = earlier ? earlier.hops.at(-1)?.n ?? 0 : 0;
      const latest = state.hops.at(-1)?.n ?? 0;
      if (!earlier || latest < seen) {
        // Undone: hops that no longer exist are not listed.
        log.replaceChildren(...state.hops.slice(-8).map((hop) => element("li", "", hop.sentence)));
        if (earlier) log.append(element("li", "", say("Undone; the clock is at {0}.", timeText(state.clock_us))));
        return;
      }
      const fresh = state.hops.filter((hop) => hop.n > seen);
      // More than anybody would listen to is summed up.
      if (fresh.length > 8) log.append(element("li", "", say("{0} hops. The last ones:", fresh.length)));
      log.append(...fresh.slice(-8).map((hop) => element("li", "", hop.sentence)));
      if (state.events !== earlier.events) log.append(...state.events.slice(-8).map((event) =>
        element("li", "", event.words ?? say("At {0}, {1} of {2}: {3}", timeText(event.time_us), event.program, event.host, event.event))));
      while (log.children.length > 40) log.firstElementChild.remove();
      log.scrollTop = log.scrollHeight;
    }
    """#
}
