// SPDX-License-Identifier: GPL-3.0-or-later

extension PageResource {
  /// Follows a session and hands each state to those who draw it: for the projector's page and for a learner's.
  static let viewScript = #"""
    import { say } from "/say.js";
    import { drawPicture } from "/picture.js";
    import { play, setMotion, motionWanted } from "/motion.js";
    import { showTables, showLadder, showLesson, showLog } from "/panels.js";

    export const byId = (id) => document.getElementById(id);
    let state = null;
    let drawn = "";

    /** The room for the drawing; where that is as tall as it has to be, its height is no part of it. */
    function room() {
      const place = byId("picture"), style = getComputedStyle(place);
      return [place.clientWidth, style.getPropertyValue("--whole") ? place.clientHeight : innerHeight, style.fontSize].join();
    }

    /** Draws the network anew where it is another, or the room for it is; gives back whether it did. */
    function picture() {
      const network = JSON.stringify(state.devices);
      if (network + room() === drawn) return false;
      drawPicture(state);
      // Drawn, it may have got scroll bars, which are no reason to draw it again.
      drawn = network + room();
      return true;
    }

    function devices() {
      const items = state.devices.map((device) => {
        const item = document.createElement("li");
        const addresses = device.addresses.join(say(" and "));
        const where = device.behind ? say("behind {0}", device.behind) : say("on the internet");
        item.textContent = (device.kind === "router" ? say("{0} is a router at {1} {2}", device.name, addresses, where)
          : say("{0} is at {1} {2}", device.name, addresses, where)) +
          (device.inside ? say(", with {0} inside", device.inside) : "");
        return item;
      });
      byId("devices").replaceChildren(...items);
    }

    /**
     * Follows the events of a session. `header` is called with each state first, and `lost` with whether there is no
     * connection.
     */
    export function follow(events, header, lost) {
      /** Shows what is, after what was; `earlier` is null where this is the first or whole of it. */
      const show = (earlier) => {
        header(state);
        devices();
        picture();
        showLesson(state);
        // Another network is not what became of the one before; a proof goes on from there, on a copy.
        const before = earlier && earlier.shown === state.shown && !(earlier.proof && !state.proof) ? earlier : null;
        showLog(state, before);
        play(state, before, () => { showTables(state, before); showLadder(state); });
      };
      let stream, refusals = 0;
      const listen = () => {
        stream = new EventSource(events);
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
        stream.addEventListener("open", () => { refusals = 0; lost(false); });
        // There will be nobody to ask again.
        stream.addEventListener("closed", () => { stream.close(); lost(true, true); });
        stream.addEventListener("error", () => {
          // A shell that begins again answers before its class is open, after which a browser asks no more.
          const isRefused = stream.readyState === EventSource.CLOSED, asksAgain = isRefused && refusals++ < 10;
          if (asksAgain) setTimeout(listen, 1500);
          lost(true, isRefused && !asksAgain);
        });
      };
      listen();
    }

    const motion = byId("motion");
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    function motionButton() {
      motion.setAttribute("aria-pressed", String(!motionWanted()));
      motion.textContent = motionWanted() ? say("Pause motion") : say("Motion is off");
    }
    setMotion(!still.matches);
    still.addEventListener("change", () => { setMotion(!still.matches); motionButton(); });
    motion.addEventListener("click", () => { setMotion(!motionWanted()); motionButton(); });
    motionButton();

    const themes = [["", say("Colours: as the system")], ["light", say("Colours: light")], ["dark", say("Colours: dark")],
      ["contrast", say("Colours: high contrast")]];
    let theme = Math.max(0, themes.findIndex((entry) => entry[0] === (localStorage.getItem("theme") ?? "")));
    function paint() {
      if (themes[theme][0]) document.documentElement.dataset.theme = themes[theme][0];
      else delete document.documentElement.dataset.theme;
      byId("theme").textContent = themes[theme][1];
    }
    byId("theme").addEventListener("click", () => {
      theme = (theme + 1) % themes.length;
      localStorage.setItem("theme", themes[theme][0]);
      paint();
    });
    paint();

    let resizing;
    // The room for the drawing changes with the window, and with what comes and goes beside it.
    const observer = new ResizeObserver(() => {
      clearTimeout(resizing);
      resizing = setTimeout(() => {
        if (!state || !picture()) return;
        play(state, state, () => { showTables(state, state); showLadder(state); });
      }, 150);
    });
    observer.observe(byId("picture"));
    """#
}
