# SPDX-License-Identifier: GPL-3.0-or-later
"""Malicious and broken clients: each is refused with a reason or let go, and nobody else notices."""
import http.client
import json
import socket
import sys
import time

from browser import Shell

natsh = sys.argv[1]
shell = Shell(natsh)
url = shell.page()
port = int(url.rsplit(":", 1)[1].strip("/"))
shell("scene two-homes")


def check(holds, words):
    if not holds:
        raise AssertionError(words)


def ask(method, path, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), answer


def raw(data, wait=20.0):
    """Sends bytes and returns everything that comes until the other side closes; "" if it only closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as sock:
        sock.sendall(data)
        got = b""
        while True:
            try:
                part = sock.recv(65536)
            except ConnectionResetError:
                part = b""
            if not part:
                return got.decode(errors="replace")
            got += part


try:
    own = f"127.0.0.1:{port}"
    for method, path, headers, status in [
        ("GET", "/", {}, 200), ("GET", "/state.json", {}, 200), ("GET", "/nothing", {}, 404), ("POST", "/", {}, 405),
        ("GET", "/state.json", {"Host": "evil.example"}, 421), ("GET", "/", {"Host": f"127.0.0.1:{port + 1}"}, 421),
        ("GET", "/state.json", {"Origin": "http://evil.example"}, 403), ("GET", "/", {"Origin": "null"}, 403),
        ("GET", "/state.json", {"Origin": f"http://{own}"}, 200), ("GET", "/../../etc/passwd", {}, 404),
        ("GET", "/%2e%2e/etc/passwd", {}, 404), ("OPTIONS", "/", {}, 405),
    ]:
        got, words, answer = ask(method, path, **headers)
        check(got == status, f"{method} {path} {headers}: {got} and not {status}")
        check(status == 200 or words.strip(), f"{status} without a word")
        policy = answer.getheader("Content-Security-Policy")
        check("default-src 'none'" in policy and "unsafe" not in policy, f"the policy is {policy}")
    state = json.loads(ask("GET", "/state.json")[1])
    check({"sequence", "clock_us", "prompt", "command", "devices", "flights", "hops", "events", "tables", "lesson",
           "question"} <= set(state), f"the keys are {sorted(state)}")

    # Requests that are too long.
    check(ask("POST", "/", b"x" * 65_537)[0] == 413, "a body of more than 64 KiB")
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    long = raw(f"POST / HTTP/1.1\r\nHost: {own}\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + chunk * 2)
    check(" 413 " in long.split("\r\n")[0], f"a body without a length: {long[:80]}")
    many = raw(f"GET / HTTP/1.1\r\nHost: {own}\r\n".encode() + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 1000) for n in range(200)) + b"\r\n")
    check(" 431 " in many.split("\r\n")[0], f"200 KB of headers: {many[:80]}")
    with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
        endless = 0
        try:
            sock.sendall(b"GET / HTTP/1.1\r\n")
            while endless < 50_000_000:
                sock.sendall(b"X-Y: " + b"z" * 100_000 + b"\r\n")
                endless += 100_000
        except OSError:
            pass
        check(endless < 50_000_000, "a head that never ends was read on and on")

    # Bytes that are not HTTP, and requests that come in pieces, too slowly or never.
    check(" 400 " in raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n").split("\r\n")[0], "TLS")
    check(" 400 " in raw(b"GET\r\n\r\n").split("\r\n")[0], "half a line")
    check(" 421 " in raw(b"GET / HTTP/1.1\r\n\r\n").split("\r\n")[0], "no Host")
    body = b'{"code": "1", "name": "x"}'
    asked = f"POST /join HTTP/1.1\r\nHost: {own}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    idle = raw(asked)
    check(idle.count("HTTP/1.1 ") == 1 and " 404 " in idle.split("\r\n")[0], f"who asks nothing more is answered: {idle}")
    late = raw(asked[:-3])
    check(" 408 " in late.split("\r\n")[0], f"half a body: {late}")
    began = time.monotonic()
    check(raw(f"GET / HTTP/1.1\r\nHost: {own}\r\nX-Slow".encode()) == "", "half a request was answered")
    check(time.monotonic() - began < 15, "half a request was waited for")
    with socket.create_connection(("127.0.0.1", port), timeout=20) as drip:
        began = time.monotonic()
        try:
            while time.monotonic() - began < 20:
                drip.sendall(b"X")
                time.sleep(0.5)
        except OSError:
            pass
        check(time.monotonic() - began < 15, "a request that drips in held its connection")

    # More viewers than are served, none of whom ever reads; the prompt does not notice.
    def prompt_time():
        times = []
        for _ in range(50):
            began = time.monotonic()
            shell("send alice:5000 bob:4000; run".split(";")[0])
            shell("run")
            times.append(time.monotonic() - began)
        return sorted(times)[len(times) // 2]

    alone = prompt_time()
    asleep = []
    for _ in range(200):
        sock = socket.create_connection(("127.0.0.1", port), timeout=20)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.sendall(f"GET /events HTTP/1.1\r\nHost: {own}\r\n\r\n".encode())
        asleep.append(sock)
    watched = prompt_time()
    print(f"a command and its answer: {alone * 1000:.1f} ms alone, {watched * 1000:.1f} ms with 200 that sleep")
    check(watched < alone * 2 + 0.01, "viewers who sleep hold up the prompt")
    check(ask("GET", "/state.json")[0] == 200, "viewers who sleep hold up another")
    crowd = []
    refused = 0
    for _ in range(700):
        try:
            crowd.append(socket.create_connection(("127.0.0.1", port), timeout=5))
        except OSError:
            refused += 1
    time.sleep(0.5)
    last = crowd[-1].recv(65536).decode() if crowd else " 503 "
    check(" 503 " in last.split("\r\n")[0], f"more than are served: {last[:80]}")
    check(shell("step")["ok"], "the shell does not answer")
    for sock in crowd + asleep:
        sock.close()
    time.sleep(1.5)
    check(ask("GET", "/")[0] == 200, "the page is not served again when they have gone")

    # A viewer who comes back is told what was missed, and not twice.
    def events(seen, count):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as sock:
            again = f"Last-Event-ID: {seen}\r\n" if seen is not None else ""
            sock.sendall(f"GET /events HTTP/1.1\r\nHost: {own}\r\n{again}\r\n".encode())
            text = ""
            # A comment keeps the connection alive, so the socket's own time-out never comes.
            end = time.monotonic() + 20
            while text.count("data: ") < count:
                check(time.monotonic() < end, f"{count} events are awaited, and these came: {text}")
                text += sock.recv(65536).decode(errors="replace")
        return [line.split(" ")[1] for line in text.split("\n") if line.startswith(("event: ", "id: "))]

    first = events(None, 1)
    check(first[0] == "snapshot", f"first comes {first}")
    number = int(first[1])
    # States that follow each other faster than they are shown are shown as one, so each is awaited.
    for place, name in enumerate(["eve", "mallory"]):
        shell(f"host {name}")
        end = time.monotonic() + 20
        while json.loads(ask("GET", "/state.json")[1])["sequence"] < number + place + 1:
            check(time.monotonic() < end, f"the page does not show {name}")
            time.sleep(0.05)
    check(events(number, 2) == ["change", str(number + 1), "change", str(number + 2)], "what was missed")
    check(events(number + 99, 1)[0] == "snapshot", "a number that was never given")
    check(events("x' OR 1", 1)[0] == "snapshot", "a number that is none")

    # A port that is taken: the error names the next free one.
    other = Shell(natsh)
    answer = other(f"page {port}")
    free = int(answer["error"]["suggestion"].split(" ")[1])
    check(answer["error"]["kind"] == "port-taken" and free > port, f"{answer}")
    check(other(f"page {free}")["ok"], f"{free} is not free")
    other.close()
finally:
    shell.close()
