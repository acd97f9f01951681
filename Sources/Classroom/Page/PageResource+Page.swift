// SPDX-License-Identifier: GPL-3.0-or-later

extension PageResource {
  /// The projector's page: what was typed, and how to join where a class is open.
  static let pageScript = #"""
    import { say } from "/say.js";
    import { svg } from "/picture.js";
    import { byId, follow } from "/view.js";
    import { showQuestion } from "/panels.js";

    let invited = "";

    /** Shows how to join; who stands at another machine is not told the code. */
    async function invite(state) {
      byId("invitation").hidden = !state.class;
      if (!state.class) { invited = ""; return; }
      byId("join-count").textContent = state.class.learners === 1 ? say("{0} learner", 1) : say("{0} learners", state.class.learners);
      if (invited === state.class.name) return;
      invited = state.class.name;
      const answer = await fetch("/class.json");
      if (!answer.ok) { invited = ""; return; }
      const { url, code, qr } = await answer.json();
      const link = document.createElement("a");
      link.href = "/learn";
      // A line breaks before the path at most.
      const path = url.lastIndexOf("/");
      link.append(url.slice(0, path), document.createElement("wbr"), url.slice(path));
      byId("join-url").replaceChildren(link);
      byId("join-code").textContent = code ? say("Code {0}", code.slice(0, 3) + " " + code.slice(3))
        : say("The code is on the projector.");
      byId("qr").replaceChildren();
      if (!qr) return;
      const drawing = qr.flatMap((row, y) => [...row].map((module, x) => module === "1" ? `M${x} ${y}h1v1h-1z` : "")).join("");
      const size = qr.length;
      byId("qr").append(svg("svg", { viewBox: `-3 -3 ${size + 6} ${size + 6}`, role: "img", "aria-label": say("QR code that opens {0}", url) },
        svg("rect", { class: "qr-light", x: -3, y: -3, width: size + 6, height: size + 6 }), svg("path", { class: "qr-dark", d: drawing })));
    }

    function header(state) {
      byId("typed-at").textContent = state.command ? state.prompt : "";
      byId("typed").textContent = state.command || say("Nothing has been typed yet.");
      byId("previous").textContent = state.previous ? say("before: {0}", state.previous) : "";
      byId("error").hidden = !state.error;
      byId("error").textContent = state.error ? say("Not done: {0}", state.error) : "";
      byId("shown").hidden = !state.shown && !state.proof;
      byId("shown").textContent = state.proof ? say("The run that proves it, on a copy of the network")
        : state.shown ? say("The network of {0}, with thanks", state.shown) : "";
      document.title = (state.command || "natsh") + " · natsh";
      showQuestion(byId("question"), state.question, null);
      invite(state);
    }

    follow("/events", header, (isLost) => {
      byId("connection").textContent = isLost
        ? say("The shell does not answer. Trying again; 'page' in the shell opens the page anew.") : "";
    });
    """#
}
