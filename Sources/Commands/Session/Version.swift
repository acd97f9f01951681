// SPDX-License-Identifier: GPL-3.0-or-later

/// natsh's version, as `version`, `--version` and saved sessions say it.
public enum Version {
  public static let current = "0.1.0"
}
