// SPDX-License-Identifier: GPL-3.0-or-later

extension Packet {
  /// The endpoints at which its text, as FTP and SIP write it, says that its sender can be reached.
  package var announcements: [(gateway: ApplicationGateways, endpoint: Endpoint)] {
    switch transport {
    case .tcp:
      let isServer = source.port == ApplicationGateways.ftpPort
      guard isServer || destination.port == ApplicationGateways.ftpPort, let text = TextLines(payload) else {
        return []
      }
      return text.lines.indices.compactMap { place in
        guard let found = FTPAnnouncement(text.text(place), fromServer: isServer) else { return nil }
        return (.ftp, Endpoint(found.address ?? source.address, found.port))
      }
    case .udp:
      guard [source.port, destination.port].contains(ApplicationGateways.sipPort), let text = SIPText(payload) else {
        return []
      }
      let ports = text.ports(of: source.address, in: [.via, .contact]) + text.mediaPorts(at: source.address)
      return ports.map { (.sip, Endpoint(source.address, $0)) }
    case .icmp: return []
    }
  }
}
