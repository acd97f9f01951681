// SPDX-License-Identifier: GPL-3.0-or-later

/// An endpoint for a data connection, as a line of an FTP control connection names it (RFC 959 §4.1.2, RFC 2428).
package struct FTPAnnouncement: Hashable {
  /// How it is written.
  package enum Form: Hashable {
    /// `PORT 192,168,1,10,192,1`, and the answer to `PASV`.
    case numbers
    /// `EPRT |1|192.168.1.10|49153|`, with a delimiter of the sender's choice.
    case fields(delimiter: Character)
    /// The answer to `EPSV`, which names only a port: `229 Entering Extended Passive Mode (|||49153|)`.
    case portOnly(delimiter: Character)
  }

  /// Nil where the line leaves it to the connection's own address.
  package var address: IPAddress?
  package var port: UInt16
  package let form: Form
  private let before: String
  private let after: String

  /// Reads a line that a client, or a server, has sent; nil if it announces nothing.
  package init?(_ line: String, fromServer: Bool) {
    if fromServer {
      if line.hasPrefix("227 ") { self.init(numbersIn: line) } else { self.init(portIn: line) }
      return
    }
    let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    guard words.count == 2 else { return nil }
    switch words[0].uppercased() {
    case "PORT": self.init(numbersIn: line)
    case "EPRT": self.init(fieldsIn: words[1], after: "\(words[0]) ")
    default: return nil
    }
  }

  /// The line that names `endpoint` instead.
  package func line(naming endpoint: Endpoint) -> String {
    let (address, port) = (endpoint.address.description, endpoint.port)
    return switch form {
    case .numbers:
      before + address.split(separator: ".").joined(separator: ",") + ",\(port >> 8),\(port & 255)" + after
    case .fields(let mark):
      "\(before)\(mark)\(endpoint.address.isIPv4 ? 1 : 2)\(mark)\(address)\(mark)\(port)\(mark)\(after)"
    case .portOnly(let mark): "\(before)\(mark)\(mark)\(mark)\(port)\(mark)\(after)"
    }
  }

  /// Six numbers with commas between them, wherever they are in the line.
  private init?(numbersIn line: String) {
    let start = line.hasPrefix("227 ") ? line.index(line.startIndex, offsetBy: 4) : line.startIndex
    guard let first = line[start...].firstIndex(where: { $0.isASCII && $0.isNumber }) else { return nil }
    let end = line[first...].firstIndex { !($0.isASCII && $0.isNumber || $0 == ",") } ?? line.endIndex
    let parts = line[first..<end].split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { UInt8($0) }
    guard parts.count == 6, numbers.count == 6 else { return nil }
    address = IPAddress(ipv4: numbers[0..<4].reduce(0) { $0 << 8 | UInt32($1) })
    port = UInt16(numbers[4]) << 8 | UInt16(numbers[5])
    form = .numbers
    before = String(line[..<first])
    after = String(line[end...])
  }

  private init?(fieldsIn text: Substring, after start: String) {
    guard let mark = text.first else { return nil }
    let fields = text.split(separator: mark, omittingEmptySubsequences: false)
    guard fields.count == 5, let address = IPAddress(String(fields[2])), let port = UInt16(fields[3]),
      fields[1] == (address.isIPv4 ? "1" : "2")
    else { return nil }
    (self.address, self.port) = (address, port)
    form = .fields(delimiter: mark)
    (before, after) = (start, String(fields[4]))
  }

  private init?(portIn line: String) {
    guard line.hasPrefix("229 "), let open = line.firstIndex(of: "("),
      let close = line[open...].firstIndex(of: ")")
    else { return nil }
    let inner = line[line.index(after: open)..<close]
    guard let mark = inner.first else { return nil }
    let fields = inner.split(separator: mark, omittingEmptySubsequences: false)
    guard fields.count == 5, fields[1].isEmpty, fields[2].isEmpty, let port = UInt16(fields[3]) else { return nil }
    self.port = port
    form = .portOnly(delimiter: mark)
    (before, after) = (String(line[...open]), String(line[close...]))
  }
}
