# SPDX-License-Identifier: GPL-3.0-or-later
"""Learners who mean no good, or do no good: each is refused in words, and neither the teacher nor another learner notices."""
import json
import socket
import sys
import tempfile
import threading
import time

from browser import Shell
from class_client import Client, check

natsh, lessons = sys.argv[1], sys.argv[2]
shell = Shell(natsh, "--lessons", lessons, state=tempfile.mkdtemp(prefix="natsh-class"))
room = shell.open_class("on 127.0.0.1 size 60")
code, port = room["code"], int(room["url"].rsplit(":", 1)[1].strip("/"))
own = f"127.0.0.1:{port}"


def at_once(count, body):
    """What `body` gives back for 0, 1 and so on, all called at the same time."""
    results = [None] * count

    def call(number):
        results[number] = body(number)
    threads = [threading.Thread(target=call, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def median(times):
    return sorted(times)[len(times) // 2]


def timed(body):
    began = time.monotonic()
    body()
    return time.monotonic() - began


def raw(data):
    """Sends bytes and gives back the first line of what comes, until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sock:
        sock.sendall(data)
        got = b""
        while b"\r\n" not in got:
            part = sock.recv(65536)
            if not part:
                break
            got += part
        return got.decode(errors="replace").split("\r\n")[0]


try:
    ann = Client(port)
    check(ann.join(code, "Ann") == 200, "Ann is not let in")

    # Whoever is elsewhere, and requests that are too large, half or slow.
    for headers, status in [({"Host": "evil.example"}, 421), ({"Host": f"localhost.evil.example:{port}"}, 421),
                            ({"Origin": "http://evil.example"}, 403), ({"Origin": "null"}, 403),
                            ({"Origin": f"http://{own}"}, 200)]:
        got = ann.ask("POST", "/run", {"line": "host eve"}, **headers)[0]
        check(got == status, f"{headers}: {got} and not {status}")
    check([device["name"] for device in ann.state()["devices"]] == ["eve"], "what was refused was done")
    check(ann.ask("POST", "/run", {"line": "#" * 70_000})[0] == 413, "a line of 70 KB")
    check(ann.ask("POST", "/run", "[" * 60_000)[0] == 400, "brackets without end")
    check(ann.run("host " + "x" * 60_000)["ok"] is False, "a name of 60 KB")
    head = f"POST /run HTTP/1.1\r\nHost: {own}\r\nCookie: {ann.cookie}\r\nContent-Length: 50\r\n\r\n".encode()
    began = time.monotonic()
    check(" 408 " in raw(head + b'{"line": '), "half a body")
    check(time.monotonic() - began < 20, "half a body was waited for")
    check(" 400 " in raw(f"POST /run HTTP/1.1\r\nHost: {own}\r\nContent-Length: x\r\n\r\n".encode()), "a length of x")

    # Names and lines are text, whatever is in them.
    for name in ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "../../etc/passwd", "Ann ", "ANN"):
        got = Client(port).join(code, name)
        check(got == (409 if name.strip().lower() == "ann" else 200), f"{name}: {got}")
    folder = tempfile.mkdtemp(prefix="natsh-saved")
    saved = shell(f"class save {folder}")["files"]
    check(all("/" not in name and not name.startswith(".") for name in saved), f"files called {saved}")
    with open(folder + "/roster.csv") as file:
        check("\n'=cmd" in file.read(), "a formula in the roster")

    # Five with one name, at once: one has it.
    answers = at_once(5, lambda _: Client(port).join(code, "Zoe"))
    check(sorted(answers) == [200, 409, 409, 409, 409], f"five called Zoe: {answers}")

    # A learner who floods is shed, and nobody else waits.
    def teacher():
        return median([timed(lambda: shell("scene two-homes")) for _ in range(30)])

    quiet = teacher()
    flood = at_once(60, lambda _: ann.ask("POST", "/run", {"line": "crowd 1000 via server for 10m"})[0])
    check(429 in flood and 200 in flood and set(flood) <= {200, 429}, f"a flood: {flood}")

    # Several who type at once what takes for ever.
    learners = [Client(port) for _ in range(8)]
    for number, learner in enumerate(learners):
        check(learner.join(code, f"learner {number}") == 200, f"learner {number} is not let in")
    bob = Client(port)
    bob.join(code, "Bob")
    answers, waits = [], []
    crowd = threading.Thread(target=lambda: answers.extend(
        at_once(8, lambda number: learners[number].run("crowd 1000 via server rate 1mbit for 10m"))))
    crowd.start()
    busy = teacher()
    while crowd.is_alive():
        waits.append(timed(lambda: bob.run("scene one-home")))
    crowd.join()
    kinds = {answer["error"]["kind"] for answer in answers}
    check(len(answers) == 8 and kinds == {"too-long"}, f"what takes for ever: {kinds}")
    print(f"the teacher's command: {quiet * 1000:.1f} ms alone, {busy * 1000:.1f} ms with 8 crowds; "
          f"another learner's: {median(waits) * 1000:.1f} ms")
    check(busy < quiet * 10 + 0.5, "crowds hold up the teacher")
    check(len(waits) > 3, f"another learner had {len(waits)} commands done while the crowds went on")
    check(learners[0].run("scene one-home")["ok"], "a refused command was the last")

    # Guessing the code: five tries are free, however many connections they come by.
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        check(Client(port).join(wrong, "Eve") == 403, "a wrong code")
    Client(port).join(wrong, "Eve")
    check(timed(lambda: Client(port).join(wrong, "Eve")) > 0.5, "the seventh try is as quick as the first")
    began = time.monotonic()
    guesses = at_once(100, lambda number: Client(port).join(f"{number:06}", "Eve"))
    judged = time.monotonic() - began
    check(set(guesses) <= {403} or str(code) < "000100", f"guesses: {set(guesses)}")
    check(judged > 5, f"a hundred guesses took {judged:.1f} s")
    check(ann.ask("POST", "/join", {"name": "Ann"})[0] in (200, 403), "Ann's cookie")
    check(json.loads(ann.ask("GET", "/work/state.json")[1])["class"]["learner"] == "Ann", "Ann is not served meanwhile")
    check(shell("class")["class"]["learners"] == 14, "who is there")
finally:
    shell.close()
