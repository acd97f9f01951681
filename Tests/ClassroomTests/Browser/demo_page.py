# SPDX-License-Identifier: GPL-3.0-or-later
"""`natsh demo FILE --page` at a terminal: the page follows the keys, and a class votes."""
import json
import os
import pty
import re
import select
import signal
import socket
import sys
import tempfile
import time

from class_client import Client, check

natsh = sys.argv[1]
folder = tempfile.mkdtemp(prefix="natsh-demo")
script = os.path.join(folder, "demo.natsh")
with open(script, "w", encoding="utf-8") as file:
    file.write('# One home\nscene one-home\nsend alice:5000 bob:4000 "hi"\n'
               '# It travels\nvote "Who sees it first?" "Bob" "the router"\nrun\n')
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]


class Presenter:
    """natsh at a terminal of its own."""

    def __init__(self, *arguments):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execve(natsh, [natsh, "demo", *arguments], {
                "PATH": "/usr/bin:/bin", "HOME": folder, "XDG_STATE_HOME": folder, "TERM": "xterm", "LANG": "C",
                "NO_COLOR": "1"})
        self.seen = ""

    def read(self, wait):
        if select.select([self.terminal], [], [], wait)[0]:
            try:
                self.seen += os.read(self.terminal, 65536).decode(errors="replace")
            except OSError:
                return False
        return True

    def until(self, words):
        """Waits for the words, and forgets what came before them."""
        end = time.monotonic() + 60
        while words not in self.seen:
            check(self.read(0.1) and time.monotonic() < end, f"'{words}' does not come: {self.seen[-2000:]}")
        before, self.seen = self.seen.split(words, 1)
        return before

    def press(self, keys):
        # Keys typed while the terminal still takes lines would mean something else.
        import termios
        end = time.monotonic() + 60
        while termios.tcgetattr(self.terminal)[3] & termios.ICANON:
            check(self.read(0.01) and time.monotonic() < end, "the terminal takes no single keys")
        os.write(self.terminal, keys.encode())

    def end(self):
        while self.read(1):
            pass
        status = os.waitpid(self.process, 0)[1]
        self.process = None
        return status


def until(holds, words, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        check(time.monotonic() < end, words)
        time.sleep(0.02)


def state():
    return json.loads(page.ask("GET", "/state.json")[1])


presenter = Presenter("demo.natsh", "--page", "--port", str(port), "--on", "127.0.0.1")
try:
    invitation = presenter.until("Press a key to begin.")
    check(f"http://127.0.0.1:{port}/learn" in invitation, f"the address is not told: {invitation}")
    words = " ".join(invitation.split())
    check("it shows the code as well" in words and "who is there" not in words, f"no prompt: {invitation}")
    code = "".join(re.search(r"^\s+(\d{3}) (\d{3})\s*$", invitation, re.M).groups())
    page, ann, bob = Client(port), Client(port), Client(port)
    check(page.ask("GET", "/")[0] == 200, "there is no page")
    check(ann.join(code, "Ann") == 200 and bob.join(code, "Bob") == 200, "nobody can join")

    presenter.press(" ")
    presenter.until("Space goes on")
    check(state()["devices"] == [], "there is a network before the first scene")
    for expected, words in (("", "1 of 6"), ("scene one-home", "2 of 6"), ("send alice:5000 bob:4000 \"hi\"", "3 of 6")):
        presenter.press(" ")
        presenter.until(words)
        until(lambda: state()["command"] == expected, f"the page does not follow to '{expected}': {state()['command']}")
    check("alice" in [device["name"] for device in state()["devices"]] and state()["flights"], "the packet is not shown")
    presenter.press("b")
    presenter.until("2 of 6")
    until(lambda: not state()["flights"], "the page does not go back")
    for words in ("3 of 6", "4 of 6", "5 of 6"):
        presenter.press(" ")
        presenter.until(words)

    # The vote: everybody has it, and its answers are counted on both screens.
    until(lambda: (state()["question"] or {}).get("counts") == [0, 0], f"nobody is asked: {state()['question']}")
    check(ann.state()["asked"]["choices"] == ["Bob", "the router"], f"Ann is not asked: {ann.state()['asked']}")
    check(ann.ask("POST", "/answer", {"choice": 2})[0] == 200 and bob.ask("POST", "/answer", {"choice": 1})[0] == 200,
          "an answer is not taken")
    check(ann.ask("POST", "/answer", {"choice": 1})[0] == 409, "Ann answers twice")
    until(lambda: state()["question"]["counts"] == [1, 1], "the page does not count")
    presenter.until("#### 1")
    presenter.press(" ")
    presenter.until("natsh> run")
    presenter.press(" ")
    presenter.until("6 of 6")
    until(lambda: state()["command"] == "run" and "delivered" in [hop["verdict"] for hop in state()["hops"]],
          "the page does not show how it ends")
    presenter.press("q")
    check(presenter.end() == 0, "it does not end well")
    with socket.socket() as probe:
        check(probe.connect_ex(("127.0.0.1", port)) != 0, "the page is still served")

    # An address that is taken is refused before anything is shown.
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        presenter = Presenter("demo.natsh", "--page", "--port", str(taken.getsockname()[1]))
        presenter.until("is taken")
        check(os.waitstatus_to_exitcode(presenter.end()) == 1, "a port that is taken")
finally:
    if presenter.process:
        os.kill(presenter.process, signal.SIGKILL)
        os.waitpid(presenter.process, 0)
