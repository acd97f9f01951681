// SPDX-License-Identifier: GPL-3.0-or-later

/// Somebody who wants to see every packet, even of a run so long that the trace has forgotten its beginning at the end.
public protocol PacketTap: AnyObject, Sendable {
  /// Looks at the session in the middle of a run, before the trace can have forgotten anything since the last time.
  func see(_ session: Session)
}
