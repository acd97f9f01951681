// SPDX-License-Identifier: GPL-3.0-or-later

import Commands

/// A self-contained HTML page that can be printed.
package enum HTMLDocument {
  /// - Parameters:
  ///   - style: additional rules for this page.
  ///   - body: markup, in which all typed text has been escaped.
  package static func text(title: String, style: String = "", language: String = "en", body: String) -> String {
    """
    <!doctype html>
    <!-- \(NetworkExport.mark) \(Version.current). -->
    <html lang="\(Markup.escaped(language))">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(Markup.escaped(title))</title>
    <style>
    body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}
    figure{margin:0;overflow-x:auto}svg{max-width:100%;height:auto}pre{overflow-x:auto;font-size:14px}
    table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2rem .6rem;text-align:left}
    td{font-family:ui-monospace,monospace}
    @media print{body{margin:0}}
    \(style)
    </style>
    </head>
    <body>
    \(body)
    </body>
    </html>

    """
  }
}
