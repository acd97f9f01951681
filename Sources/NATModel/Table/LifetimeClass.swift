// SPDX-License-Identifier: GPL-3.0-or-later

/// The classes of mappings' lifetimes.
enum LifetimeClass: Int, CaseIterable {
  case udp
  case udpStream
  case tcpEstablished
  case tcpTransitory
  case icmp
  case tcpSynSent
  case tcpSynReceived
  case tcpFinWait
  case tcpCloseWait
  case tcpLastAck
  case tcpTimeWait
  case tcpClosed
  case tcpUnacknowledged

  /// The lifetime of a mapping of this class.
  func length(in lifetimes: MappingLifetimes) -> Interval {
    let states = lifetimes.tcpStates
    return switch self {
    case .udp: lifetimes.udp
    case .udpStream: lifetimes.udpStream ?? lifetimes.udp
    case .tcpEstablished: lifetimes.tcpEstablished
    case .tcpTransitory: lifetimes.tcpTransitory
    case .icmp: lifetimes.icmp
    case .tcpSynSent: states.synSent ?? lifetimes.tcpTransitory
    case .tcpSynReceived: states.synReceived ?? lifetimes.tcpTransitory
    case .tcpFinWait: states.finWait ?? lifetimes.tcpEstablished
    case .tcpCloseWait: states.closeWait ?? lifetimes.tcpEstablished
    case .tcpLastAck: states.lastAck ?? lifetimes.tcpTransitory
    case .tcpTimeWait: states.timeWait ?? lifetimes.tcpTransitory
    case .tcpClosed: states.closed ?? lifetimes.tcpTransitory
    // It only ever shortens an open connection's lifetime.
    case .tcpUnacknowledged:
      states.unacknowledged.map { min($0, lifetimes.tcpEstablished) } ?? lifetimes.tcpTransitory
    }
  }
}
