// SPDX-License-Identifier: GPL-3.0-or-later

import Commands
import NATModel
import Wording

/// Access lists: those that say what is translated, and those that stand before an interface.
extension CiscoReader {
  /// The networks inside and the destinations that are left alone, as the list of `ip nat inside source list` names them.
  mutating func takeTranslated(_ name: String, by line: Int) {
    guard let list = lists[name] else {
      return draft.notes.unread(line, said("there is no list \(name) in the file"))
    }
    guard usedLists.insert(name).inserted else { return }
    for entry in list.entries {
      if entry.permits, entry.source != .other, entry.destination == .any, entry.port == nil, entry.rest.isEmpty,
        entry.transport == nil || entry.transport == "ip"
      {
        draft.notes.became(entry.line, said("the addresses of list \(name)"))
        if let prefix = entry.source.prefix { draft.addInside(line, prefix) }
      } else if entry.permits {
        draft.notes.unread(
          entry.line, said("it translates only some packets; natsh's routers translate whatever comes from inside"))
      } else if let prefix = entry.destination.prefix, entry.transport == "ip", entry.rest.isEmpty,
        entry.source != .other, entry.source.prefix?.length != 32
      {
        draft.notes.became(entry.line, said("the addresses of list \(name)"))
        draft.addExemption(line, [prefix])
      } else if entry.isForAll {
        draft.notes.became(entry.line, said("the addresses of list \(name)"))
      } else {
        draft.notes.unread(entry.line, said("natsh leaves packets alone by their destination only"))
      }
    }
  }

  /// The lists that stand before interfaces, once all forwards are known, and those that nothing uses.
  mutating func finishLists() {
    for group in groups {
      let interface = interfaces[group.interface]
      guard let list = lists[group.list] else {
        draft.notes.unread(group.line, said("there is no list \(group.list) in the file"))
        continue
      }
      guard let isOutside = interface.isOutside else {
        draft.notes.unread(group.line, said("\(interface.name) is neither inside nor outside"))
        continue
      }
      usedLists.insert(group.list)
      draft.notes.became(
        group.line,
        said(
          "the list \(group.list), \(group.isInbound == isOutside ? said("for what comes in") : said("for what goes out"))"
        ))
      if isOutside, group.isInbound, !list.permitsAll {
        let style: RejectionStyle = interface.isSilent ? .silently : .icmp
        draft.set(
          group.line, Properties.rejects(style), because: said("an access list stands before the router itself"))
      }
      for entry in list.entries { takeFiltered(entry, comesIn: group.isInbound == isOutside, list) }
    }
    for (name, list) in lists where !usedLists.contains(name) {
      for entry in list.entries {
        draft.notes.unread(entry.line, said("nothing that is read uses the list \(name)"))
      }
    }
  }

  /// An entry of a list before an interface.
  private mutating func takeFiltered(_ entry: CiscoAccessList.Entry, comesIn: Bool, _ list: CiscoAccessList) {
    let transport = TransportProtocol.allCases.first { $0.name == entry.transport }
    if entry.isForAll {
      draft.notes.became(
        entry.line,
        entry.permits
          ? said("let through: answers, what is forwarded, and what comes from inside")
          : said("firewall on: what no rule lets through ends here"))
      if !entry.permits, !comesIn {
        draft.notes.unread(entry.line, said("whatever comes from inside goes out here, not only this"))
      }
    } else if entry.permits {
      let isForward = draft.forwards.contains { forward in
        guard case .ports(let other, let ports, _, _) = forward.what, let port = entry.port else { return false }
        return other == transport && ports.contains(port) && entry.source == .any && entry.rest.isEmpty
      }
      if isForward, comesIn {
        draft.notes.became(entry.line, said("let through: it belongs to a forward"))
      } else if entry.rest == ["established"], entry.transport == "tcp" {
        draft.notes.became(entry.line, said("let through: answers, what is forwarded, and what comes from inside"))
      } else if comesIn {
        draft.notes.unread(entry.line, said("natsh lets in what a row or a forward admits, and nothing else"))
      } else if list.permitsAll || entry.destination == .any && entry.port == nil && entry.transport == "ip" {
        draft.notes.became(entry.line, said("let through: answers, what is forwarded, and what comes from inside"))
      } else {
        draft.notes.unread(entry.line, said("whatever comes from inside goes out here, not only this"))
      }
    } else if entry.source == .any, entry.destination == .any, entry.rest.isEmpty, let transport,
      entry.port != nil || transport == .icmp
    {
      draft.addFilter(entry.line, transport, port: entry.port, isOneSided: true)
    } else {
      draft.notes.unread(entry.line, said("natsh's filters drop by protocol and port, not by address or state"))
    }
  }
}

extension CiscoAccessList {
  /// Whether an entry lets through everything that none before it denies.
  var permitsAll: Bool { entries.contains { $0.permits && $0.isForAll } }
}
