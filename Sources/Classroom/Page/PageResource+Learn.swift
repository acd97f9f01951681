// SPDX-License-Identifier: GPL-3.0-or-later

extension PageResource {
  /// The learner's page: the way in, the prompt, and what the class is asked.
  static let learnScript = #"""
    import { say } from "/say.js";
    import { byId, follow } from "/view.js";
    import { showQuestion } from "/panels.js";

    /** What was typed, the newest last, and where in it the arrow keys are. */
    let history = [];
    let place = 0;
    let draft = "";
    let prompt = "natsh> ";
    let line;

    async function post(path, body) {
      try {
        const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
        const text = await answer.text();
        return answer.ok ? { ok: true, value: JSON.parse(text) } : { ok: false, status: answer.status, words: text.trim() };
      } catch {
        return { ok: false, status: 0, words: say("The teacher's machine does not answer. Are you on the same network?") };
      }
    }

    // MARK: the way in

    async function join(body) {
      const answer = await post("/join", body);
      if (!answer.ok) return answer;
      const { name, history: lines } = answer.value;
      localStorage.setItem("joined", name);
      history = lines;
      place = history.length;
      byId("join").hidden = true;
      byId("work").hidden = false;
      byId("who").textContent = answer.value.class === "class" ? name : name + " · " + answer.value.class;
      byId("hand-in").download = name + ".natsh";
      follow("/work/events", header, (isLost, isOver) => {
        byId("connection").textContent = isOver ? say("The class is closed, or your place in it has been taken. Load the page again to join.")
          : isLost ? say("The teacher's machine does not answer. Trying again; your work is kept there.") : "";
      });
      byId("line").focus();
      return answer;
    }

    byId("join").addEventListener("submit", async (event) => {
      event.preventDefault();
      byId("join-error").textContent = "";
      const button = byId("join").querySelector("button");
      button.disabled = true;
      const answer = await join({ code: byId("join-code").value, name: byId("join-name").value });
      button.disabled = false;
      if (!answer.ok) byId("join-error").textContent = answer.words;
    });

    // MARK: the prompt

    const screen = byId("screen");

    function print(text, kind) {
      const block = document.createElement("pre");
      block.className = kind;
      block.textContent = text;
      screen.append(block);
      while (screen.children.length > 400) screen.firstElementChild.remove();
      screen.scrollTop = screen.scrollHeight;
    }

    /** How many letters of the screen's type fit beside each other. */
    function columns() {
      const probe = document.createElement("span");
      probe.className = "probe";
      probe.textContent = "m".repeat(20);
      screen.append(probe);
      const letter = probe.getBoundingClientRect().width / 20;
      probe.remove();
      return letter ? Math.floor((screen.clientWidth - 16) / letter) : 80;
    }

    let lastLine = Promise.resolve();
    /** Carries out a line after those before it. */
    function run(text, script) {
      lastLine = lastLine.then(() => carryOut(text, script));
      return lastLine;
    }

    async function carryOut(text, script) {
      print(prompt + text, "typed");
      if (text.trim() && history.at(-1) !== text) history.push(text);
      place = history.length;
      byId("shell").setAttribute("aria-busy", "true");
      const answer = await post("/run", { line: text, width: columns(), ...(script === undefined ? {} : { script }) });
      byId("shell").removeAttribute("aria-busy");
      if (!answer.ok) { print(answer.words, "failed"); return; }
      const { text: words, downloads, upload, clears, ok } = answer.value;
      if (clears) screen.replaceChildren();
      if (upload !== undefined) { choose(text); return; }
      if (words) print(words, ok ? "" : "failed");
      for (const file of downloads ?? []) save(file);
    }

    function save(file) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([file.text], { type: "text/plain" }));
      link.download = file.name.split("/").pop();
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      print(say("Saved {0} in your downloads.", link.download), "");
    }

    /** Has the learner choose a file, and runs the line again with what is in it. */
    function choose(text) {
      const file = byId("file");
      file.hidden = false;
      file.focus();
      print(say("Choose the file to load, below the prompt."), "");
      file.onchange = async () => {
        file.hidden = true;
        const chosen = file.files[0];
        if (!chosen) return;
        if (chosen.size > 60000) { print(say("That file is larger than 60 KB, too large to be loaded here."), "failed"); return; }
        const script = await chosen.text();
        file.value = "";
        run(text, script);
        byId("line").focus();
      };
    }

    line = byId("line");
    byId("prompt").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = line.value;
      line.value = "";
      draft = "";
      offer([]);
      run(text);
    });

    // MARK: completion and history

    const bytes = (text) => new TextEncoder().encode(text).length;
    /** The place in a string that so many bytes of UTF-8 lead to. */
    const index = (text, count) => new TextDecoder().decode(new TextEncoder().encode(text).slice(0, count)).length;

    function offer(candidates, put) {
      byId("candidates").replaceChildren(...candidates.slice(0, 30).map((candidate) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = candidate.text;
        if (candidate.note) {
          const note = document.createElement("span");
          note.className = "note";
          note.textContent = " " + candidate.note;
          button.append(note);
        }
        button.addEventListener("click", () => { put(candidate.text + (candidate.space ? " " : "")); offer([]); line.focus(); });
        return button;
      }));
    }

    async function complete() {
      const text = line.value, at = line.selectionStart;
      const answer = await post("/complete", { line: text, cursor: bytes(text.slice(0, at)) });
      if (!answer.ok || line.value !== text) return;
      const { start, candidates } = answer.value;
      const from = index(text, start);
      const put = (word) => {
        line.value = text.slice(0, from) + word + text.slice(at);
        line.setSelectionRange(from + word.length, from + word.length);
      };
      if (candidates.length === 1) { put(candidates[0].text + (candidates[0].space ? " " : "")); offer([]); return; }
      let common = candidates[0]?.text ?? "";
      for (const { text: word } of candidates) {
        let same = 0;
        while (same < common.length && same < word.length && common[same].toLowerCase() === word[same].toLowerCase()) same++;
        common = common.slice(0, same);
      }
      if (common.length > at - from) put(common);
      offer(candidates, put);
    }

    /** Escape gives Tab back to those who go from one thing to the next with it. */
    let leaves = false;
    line.addEventListener("keydown", (event) => {
      if (event.key === "Tab" && !event.shiftKey && line.value && !leaves) { event.preventDefault(); complete(); return; }
      leaves = event.key === "Escape";
      if (leaves) offer([]);
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      const next = place + (event.key === "ArrowUp" ? -1 : 1);
      if (next < 0 || next > history.length) return;
      if (place === history.length) draft = line.value;
      place = next;
      line.value = place === history.length ? draft : history[place];
      line.setSelectionRange(line.value.length, line.value.length);
    });
    line.addEventListener("input", () => offer([]));
    byId("complete").addEventListener("click", () => { line.focus(); complete(); });

    // MARK: what is shown

    let answering = false;
    /** Answers the question of the whole class. */
    async function vote(choice) {
      if (answering) return;
      answering = true;
      const answer = await post("/answer", { choice });
      answering = false;
      if (!answer.ok) byId("asked-state").textContent = answer.words;
    }

    function header(state) {
      prompt = state.prompt;
      byId("prompt-text").textContent = prompt.trim();
      document.title = (state.lesson ? say("{0}, step {1}", state.lesson.title, state.lesson.step) : "natsh") + " · natsh";
      showQuestion(byId("asked"), state.asked, state.asked?.chosen || state.asked?.revealed ? null : vote);
      showQuestion(byId("question"), state.question, (choice) => run("answer " + choice));
    }

    /** The QR code brings the code along. */
    function begin() {
      if (location.hash.length > 1) byId("join-code").value = location.hash.slice(1).replace(/\D/g, "").slice(0, 6);
      if (byId("work").hidden) byId(byId("join-code").value ? "join-name" : "join-code").focus();
    }
    addEventListener("hashchange", begin);
    const joined = localStorage.getItem("joined");
    if (joined) {
      byId("join-name").value = joined;
      const answer = await join({ name: joined });
      if (!answer.ok && answer.status !== 403) byId("join-error").textContent = answer.words;
    }
    begin();
    """#
}
