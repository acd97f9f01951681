// SPDX-License-Identifier: GPL-3.0-or-later

/// Something that can be done many times in one session and must cost the same each time.
struct GrowthRow: Sendable {
  /// The files that a run reads, by name; `main.natsh` is run.
  typealias Files = [String: String]

  let name: String
  /// The numbers of repetitions, each ten times the one before it.
  let sizes: [Int]
  let files: @Sendable (Int) -> Files

  init(_ name: String, sizes: [Int] = [1_000, 10_000, 100_000], files: @escaping @Sendable (Int) -> Files) {
    self.name = name
    self.sizes = sizes
    self.files = files
  }

  /// A row of one script.
  private init(_ name: String, sizes: [Int] = [1_000, 10_000, 100_000], lines: @escaping @Sendable (Int) -> [String]) {
    self.init(name, sizes: sizes) { ["main.natsh": Self.text(lines($0))] }
  }

  private static func text(_ lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }

  private static func times(_ count: Int, _ line: String) -> [String] { Array(repeating: line, count: count) }

  /// The address `number` places after 10.0.0.0.
  private static func address(_ number: Int) -> String {
    "10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
  }

  private static func sends(_ count: Int) -> [String] {
    ["scene one-home"] + (0..<count).map { "send alice:\(1_024 + $0 % 60_000) bob hello; run" }
  }

  private static func undos(_ count: Int) -> [String] {
    ["scene one-home"] + times(count, "send alice bob") + times(count, "undo")
  }

  static let all: [GrowthRow] = [
    GrowthRow("listen, on ever more ports") { count in
      ["host bob 88.90.100.110"] + (0..<count).map { "listen bob \($0 / 2 + 1) \($0 % 2 == 0 ? "tcp" : "udp")" }
    },
    GrowthRow("forward, on ever more ports") { count in
      ["scene one-home"]
        + (0..<count).map { "forward home-a \($0 % 2 == 0 ? "tcp" : "udp") \($0 / 2 + 1) to alice:\($0 / 2 + 1)" }
    },
    GrowthRow("send and run", lines: sends),
    GrowthRow("ping and run") { ["scene one-home"] + times($0, "ping alice bob; run") },
    GrowthRow("pings, then one run") { ["scene one-home"] + times($0, "ping alice bob") + ["run"] },
    // A host has so many ports only for connections that stay open.
    GrowthRow("connect and run", sizes: [1_000, 10_000, 50_000]) { count in
      ["scene one-home"] + (0..<count).map { "connect alice:\(1_024 + $0) bob:80; run" }
    },
    GrowthRow("hosts behind one router") { count in
      ["router r lan 10.0.0.0/8"] + (0..<count).map { "host h\($0) behind r" }
    },
    GrowthRow("routers, each behind the one before", sizes: [500, 5_000, 50_000]) { count in
      ["router r0 lan 10.0.0.0/29"]
        + (1..<max(count, 2)).map { "router r\($0) behind r\($0 - 1) lan \(address(8 * $0))/29" }
    },
    GrowthRow("routers with public networks, each behind the one before", sizes: [500, 5_000, 50_000]) { count in
      ["router r0 lan 20.0.0.0/8"]
        + (1..<max(count, 2)).map {
          "router r\($0) behind r\($0 - 1) lan \(address(8 * ($0 + 0xA0000)))/29 lan 3001:\(String($0, radix: 16))::/64"
        }
    },
    GrowthRow("undo, one at a time", lines: undos),
    GrowthRow("redo, one at a time") { count in
      ["scene one-home"] + times(count, "send alice bob") + ["undo \(count)"] + times(count, "redo")
    },
    GrowthRow("load") { ["main.natsh": "load many.natsh\n", "many.natsh": text(sends($0))] },
    GrowthRow("load of undos") { ["main.natsh": "load many.natsh\n", "many.natsh": text(undos($0))] },
    GrowthRow("a lesson's steps", sizes: [100, 1_000, 10_000]) { count in
      ["main.natsh": text(["lesson long"] + times(count - 1, "next")), "01-long.md": lesson(steps: count)]
    },
    // A Linux bridge takes 1,023 devices, so each router has a few hosts.
    GrowthRow("export, by hosts", sizes: [100, 1_000, 10_000]) { count in
      let routers = (0..<max(count / 100, 1)).flatMap { router in
        ["router r\(router) \(outsideAddress(router)) lan 10.\(router).0.0/24"]
          + (0..<100).map { "host h\(router)-\($0) behind r\(router)" }
      }
      return ["main.natsh": text(routers + ["export netns network.sh"])]
    },
  ]

  private static func outsideAddress(_ number: Int) -> String { "60.1.\(number / 250).\(number % 250 + 1)" }

  /// Steps that are only read, each left with `next`.
  private static func lesson(steps: Int) -> String {
    """
    ---
    format: 1
    id: long
    title: A long lesson
    minutes: 8
    objectives:
      - Go on
    ---

    # A long lesson

    It goes on.

    """ + (1...steps).map { "\n## Step \($0)\n\nGo on.\n" }.joined()
  }
}
