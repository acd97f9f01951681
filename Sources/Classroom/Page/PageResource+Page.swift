// SPDX-License-Identifier: GPL-3.0-or-later

extension PageResource {
  /// Follows the session and hands each state to those who draw it.
  static let pageScript = #"""
    import { drawPicture } from "/picture.js";
    import { play, setMotion, motionWanted } from "/motion.js";
    import { showTables, showLadder, showLesson, showLog } from "/panels.js";

    const byId = (id) => document.getElementById(id);
    let state = null;
    let drawn = "";

    /** Redraws the network if it has changed, or if the room for it has. */
    function picture(force) {
      const key = JSON.stringify(state.devices) + byId("picture").clientWidth + innerHeight;
      if (key === drawn && !force) return;
      drawn = key;
      drawPicture(state);
    }

    function header() {
      const prompt = state.prompt.replace(/> $/, "> ");
      byId("typed-at").textContent = state.command ? prompt : "";
      byId("typed").textContent = state.command || "Nothing has been typed yet.";
      byId("previous").textContent = state.previous ? "before: " + state.previous : "";
      byId("error").hidden = !state.error;
      byId("error").textContent = state.error ? "Not done: " + state.error : "";
      document.title = (state.command || "natsh") + " · natsh";
    }

    function devices() {
      const items = state.devices.map((device) => {
        const item = document.createElement("li");
        item.textContent = device.name + (device.kind === "router" ? " is a router at " : " is at ") +
          device.addresses.join(" and ") + (device.behind ? " behind " + device.behind : " on the internet") +
          (device.inside ? ", with " + device.inside + " inside" : "");
        return item;
      });
      byId("devices").replaceChildren(...items);
    }

    /** Shows the present state after an earlier one; `earlier` is null for the first. */
    function show(earlier) {
      header();
      devices();
      picture(false);
      showLesson(state);
      showLog(state, earlier);
      play(state, earlier, () => { showTables(state); showLadder(state); });
    }

    const stream = new EventSource("/events");
    stream.addEventListener("snapshot", (event) => {
      const earlier = state;
      state = JSON.parse(event.data);
      show(earlier);
    });
    stream.addEventListener("change", (event) => {
      if (!state) return;
      const earlier = state;
      state = { ...state, ...JSON.parse(event.data) };
      show(earlier);
    });
    stream.addEventListener("open", () => { byId("connection").textContent = ""; });
    stream.addEventListener("error", () => {
      byId("connection").textContent = "The shell does not answer. Trying again; 'page' in the shell opens the page again.";
    });

    const motion = byId("motion");
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    function motionButton() {
      motion.setAttribute("aria-pressed", String(!motionWanted()));
      motion.textContent = motionWanted() ? "Pause motion" : "Motion is off";
    }
    setMotion(!still.matches);
    still.addEventListener("change", () => { setMotion(!still.matches); motionButton(); });
    motion.addEventListener("click", () => { setMotion(!motionWanted()); motionButton(); });
    motionButton();

    const themes = [["", "as the system"], ["light", "light"], ["dark", "dark"], ["contrast", "high contrast"]];
    let theme = Math.max(0, themes.findIndex((entry) => entry[0] === (localStorage.getItem("theme") ?? "")));
    function paint() {
      if (themes[theme][0]) document.documentElement.dataset.theme = themes[theme][0];
      else delete document.documentElement.dataset.theme;
      byId("theme").textContent = "Colors: " + themes[theme][1];
    }
    byId("theme").addEventListener("click", () => {
      theme = (theme + 1) % themes.length;
      localStorage.setItem("theme", themes[theme][0]);
      paint();
    });
    paint();

    let resizing;
    addEventListener("resize", () => {
      clearTimeout(resizing);
      resizing = setTimeout(() => {
        if (!state) return;
        picture(false);
        play(state, state, () => { showTables(state); showLadder(state); });
      }, 150);
    });
    """#
}
