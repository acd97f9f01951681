// SPDX-License-Identifier: GPL-3.0-or-later

import Wording

extension HelpTopics {
  static let endpoints = topic(
    "endpoints", said("Where a packet comes from and goes to"),
    said(
      "An endpoint is an address and a port. You write it as `alice:5000`, `49.36.10.25:62000` or `[2001:db8::1]:4000`; the ",
      "port may be left out."),
    said(
      "A name stands for the address that its device is configured with, which is what that person would tell a friend: ",
      "Alice behind a router says \"192.168.1.10\", because she knows no better. A router's name stands for its outside ",
      "address."),
    said(
      "Sending from an endpoint without a port takes the host's next free one, from 49152 up. Sending to one without a port ",
      "means port 4000."),
    said(
      "An address that you send from has to belong to exactly one device. If two homes use the same one, give the name."
    )
  )

  static let time = topic(
    "time", said("The clock is yours"),
    said(
      "Simulated time stands still until you move it. `step` jumps to the next thing that happens, `run` goes on until ",
      "nothing is in flight, `wait 5m` lets time pass, whether something happens or not."),
    said(
      "A LAN link takes 1 ms, an access link 10 ms; `set NAME delay 50ms` changes it. Mappings expire by this clock, so ",
      "waiting five minutes for one takes you no time at all."),
    said("A duration is a number with its unit: `250us`, `20ms`, `30s`, `5m`, `2h`, or several, `2h4m`."),
    said("The past is kept: `undo` turns the clock back too."))

  static let scripts = topic(
    "scripts", said("Commands in a file"),
    said(
      "A script is a text file with one command per line, as you type them. `;` separates commands on one line, `#` at the ",
      "start of a word begins a comment."),
    said(
      "`natsh FILE` runs it, `natsh -` reads standard input, `natsh -c \"scene direct; send alice bob; run\"` takes it from ",
      "the command line. It stops at the first error, gives file, line and column, and its exit status tells. ",
      "`--keep-going` goes on after errors, `--json` prints one object per command."),
    said("In the shell, `save FILE` writes the session as a script, and `load FILE` runs one: all of it or nothing."),
    said("The same script with the same seed gives the same bytes, always: `seed 42`, or `natsh --seed 42`."),
    said(
      "Put a text with spaces in quotes: \"hello bob\". Inside them \\\" is a quotation mark, \\\\ a backslash and \\n a ",
      "new line."))
}
