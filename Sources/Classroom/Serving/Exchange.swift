// SPDX-License-Identifier: GPL-3.0-or-later

/// A request of a learner's, as far as it matters.
struct Ask {
  var body: [UInt8]
  /// The cookie by which the learner is known.
  var token: String?
  /// Who asks, by address.
  var peer: String
  /// Whether it comes from this machine.
  var isLocal: Bool
}

/// The answer to a request.
struct Response {
  var status: Int
  var type: String
  var text: String
  var headers: [(name: String, value: String)] = []

  static func json(_ text: String) -> Response { Response(status: 200, type: "application/json", text: text) }

  /// A refusal in words.
  static func words(_ status: Int, _ text: String) -> Response {
    Response(status: status, type: "text/plain", text: text + "\n")
  }
}

/// The outcome of a request that only a class is asked.
enum Reply {
  case response(Response)
  /// The asker stays and is told of changes.
  case watch(Board)
}
