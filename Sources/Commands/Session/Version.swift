// SPDX-License-Identifier: GPL-3.0-or-later

/// natsh's version, as shown by `version`, `--version` and saved sessions.
public enum Version {
  public static let current = "0.1.0"
}
