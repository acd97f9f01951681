// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// Stops every run at the first look, which comes after a thousand events, and what is tried on many networks after the
/// first of them: a fuzzer has no time for long ones.
struct EventLimit: RunMonitor {
  func progress(_ progress: RunProgress) -> Bool { progress.events < 2_000 && progress.stage?.work != .trying }
}
