// SPDX-License-Identifier: GPL-3.0-or-later

import NATModel
import Wording

/// Which outside ports are chosen (RFC 4787 §4.2, RFC 7857 §9).
enum PortExperiments {
  /// Enough fresh NATs to show whether ports are random.
  private static let seeds: ClosedRange<UInt64> = 1...8

  static func overloading(_ subject: NATUnderTest) -> Evidence { overloading(subject, .udp) }

  static func overloading(_ subject: NATUnderTest, _ transport: TransportProtocol) -> Evidence {
    var laboratory = Laboratory(subject)
    let server = laboratory.endpoint(.server, 4_000)
    let first = laboratory.send(.pc, 5_000, to: server, transport)?.source
    let elsewhere = laboratory.send(.laptop, 5_000, to: laboratory.endpoint(.stranger, 4_000), transport)?.source
    let same = laboratory.send(.laptop, 5_000, to: server, transport)?.source
    let sharesAlways = first != nil && same == first
    let sharesElsewhere = first != nil && elsewhere == first
    let shown: String
    if sharesAlways {
      shown = said("The pc and the laptop got the same outside endpoint even towards the same server.")
    } else if sharesElsewhere {
      shown =
        said(
          "The pc and the laptop share an outside endpoint as long as they talk to different endpoints. No packet goes ",
          "astray, and RFC 7857 §3 has since allowed it; but the shared port is not an address to give to a third party."
        )
    } else {
      shown = said("The pc and the laptop sent from the same inside port, and got an outside endpoint each.")
    }
    return Evidence(holds: !sharesAlways && !sharesElsewhere, shown: shown, rows: laboratory.rows)
  }

  /// REQ-3a: well-known ports stay well-known, and so do the others.
  static func ranges(_ subject: NATUnderTest) -> Evidence {
    decide(subject) { laboratory in
      let server = laboratory.endpoint(.server, 4_000)
      let low = laboratory.send(.pc, 500, to: server)?.source.port
      let high = laboratory.send(.pc, 5_000, to: server)?.source.port
      let keepsLow = low.map { $0 < 1_024 } ?? true
      let keepsHigh = high.map { $0 >= 1_024 } ?? true
      let shown =
        keepsLow
        ? keepsHigh
          ? said("Port 500 stayed below 1024, and port 5000 above.") : said("Port 5000 became a port below 1024.")
        : said("Port 500 became port \(low ?? 0), which is not below 1024.")
      return (keepsLow && keepsHigh, shown)
    }
  }

  static func parity(_ subject: NATUnderTest) -> Evidence {
    let evenFirst = decide(subject) { parityTrial(&$0, ports: [5_000, 5_001]) }
    return evenFirst.holds == false ? evenFirst : decide(subject) { parityTrial(&$0, ports: [5_001, 5_000]) }
  }

  /// Two hosts send from the same ports to the same server, so that ports are kept as long as possible and no longer.
  private static func parityTrial(_ laboratory: inout Laboratory, ports: [UInt16]) -> (holds: Bool, shown: String) {
    let server = laboratory.endpoint(.server, 4_000)
    for port in ports {
      for party in [Party.pc, .laptop] {
        guard let external = laboratory.send(party, port, to: server)?.source.port else { continue }
        if external & 1 != port & 1 {
          return (false, said("Port \(port), \(kind(port)), became port \(external), \(kind(external))."))
        }
      }
    }
    return (true, said("Even inside ports got even outside ports, and odd ones odd."))
  }

  private static func kind(_ port: UInt16) -> String { port.isMultiple(of: 2) ? "even" : "odd" }

  /// The first fresh NAT that disproves it, or else the first.
  private static func decide(
    _ subject: NATUnderTest, _ trial: (inout Laboratory) -> (holds: Bool, shown: String)
  ) -> Evidence {
    var first: Evidence?
    for seed in seeds {
      var laboratory = Laboratory(subject, seed: seed)
      let (holds, shown) = trial(&laboratory)
      let evidence = Evidence(holds: holds, shown: shown, rows: laboratory.rows)
      if !holds { return evidence }
      first = first ?? evidence
      // Without randomness every fresh NAT does the same.
      guard subject.behavior.portAssignment.drawsLots else { break }
    }
    return first ?? Evidence(holds: nil, shown: "")
  }

  /// RFC 7857 §9: knowing the NAT's habits does not help to guess a changed port.
  static func randomization(_ subject: NATUnderTest) -> Evidence {
    var seen: [[UInt16?]] = []
    var rows: [[ExperimentRow]] = []
    for seed in seeds {
      var laboratory = Laboratory(subject, seed: seed)
      let server = laboratory.endpoint(.server, 4_000)
      seen.append([Party.pc, .laptop].map { laboratory.send($0, 5_000, to: server)?.source.port })
      rows.append(laboratory.rows)
    }
    // A port that was kept reveals nothing new.
    for party in 0...1 where seen.allSatisfy({ $0[party] != 5_000 && $0[party] != nil }) {
      guard let port = seen[0][party], seen.map({ $0[party] }).areAlike else { continue }
      return Evidence(
        holds: false,
        shown: said("On every one of \(seen.count) fresh NATs ")
          + (party == 0
            ? said("the first port given was \(port)") : said("the second host with port 5000 got port \(port)"))
          + said(": anyone can guess it."),
        rows: rows[0])
    }
    return Evidence(holds: true, shown: said("On fresh NATs, a changed port was another one each time."), rows: rows[0])
  }
}

extension PortAssignment {
  fileprivate var drawsLots: Bool {
    switch self {
    case .sequential, .preserve, .preserveOrRefuse, .blocks: false
    case .overload, .overloadWithin, .random: true
    }
  }
}
