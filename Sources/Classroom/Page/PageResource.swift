// SPDX-License-Identifier: GPL-3.0-or-later

/// A file of the page, compiled in: nothing can be missing, or be found elsewhere.
struct PageResource: Hashable, Sendable {
  let path: String
  let type: String
  let text: String
  /// Whether it is served only while a class is open.
  var isLearners = false

  static let all: [PageResource] = [
    PageResource(path: "/", type: "text/html", text: html),
    PageResource(path: "/page.css", type: "text/css", text: css),
    PageResource(path: "/page.js", type: "text/javascript", text: pageScript),
    PageResource(path: "/view.js", type: "text/javascript", text: viewScript),
    PageResource(path: "/learn", type: "text/html", text: learnHTML, isLearners: true),
    PageResource(path: "/learn.js", type: "text/javascript", text: learnScript, isLearners: true),
    PageResource(path: "/say.js", type: "text/javascript", text: sayScript),
    PageResource(path: "/layout.js", type: "text/javascript", text: layoutScript),
    PageResource(path: "/picture.js", type: "text/javascript", text: pictureScript),
    PageResource(path: "/motion.js", type: "text/javascript", text: motionScript),
    PageResource(path: "/panels.js", type: "text/javascript", text: panelsScript),
    PageResource(path: "/icon.svg", type: "image/svg+xml", text: icon),
  ]

  private static let icon = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1d4ed8"/>
    <path d="M2 9l6-6 6 6v5H2z" fill="#fff"/><circle cx="8" cy="10" r="2" fill="#1d4ed8"/></svg>
    """
}
