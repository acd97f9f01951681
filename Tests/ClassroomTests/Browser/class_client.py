# SPDX-License-Identifier: GPL-3.0-or-later
"""A learner without a browser: joins a class and asks what its page asks."""
import http.client
import json
import socket


def check(holds, words):
    if not holds:
        raise AssertionError(words)


class Client:
    def __init__(self, port):
        self.port, self.cookie = port, None

    def ask(self, method, path, body=None, **headers):
        """Gives back status, text and answer; a body that is no string is sent as JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookie:
            fields.setdefault("Cookie", self.cookie)
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        connection.request(method, path, body, fields)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text, answer

    def join(self, code, name, **headers):
        status, text, answer = self.ask("POST", "/join", {"code": code, "name": name}, **headers)
        given = answer.getheader("Set-Cookie")
        if status == 200 and given:
            check("HttpOnly" in given and "SameSite=Strict" in given, f"the cookie is {given}")
            self.cookie = given.split(";")[0]
        return status

    def run(self, line, **more):
        status, text, _ = self.ask("POST", "/run", {"line": line, **more})
        check(status == 200, f"{line}: {status} {text}")
        return json.loads(text)

    def state(self):
        return json.loads(self.ask("GET", "/work/state.json")[1])

    def events(self, path, count, seen=None):
        """The first events of a stream, each its kind and its data."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as sock:
            again = f"Last-Event-ID: {seen}\r\n" if seen is not None else ""
            cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
            sock.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{again}{cookie}\r\n".encode())
            text = ""
            while text.count("\ndata: ") < count or not text.endswith("\r\n"):
                part = sock.recv(65536)
                check(part, f"the events ended: {text[:200]}")
                text += part.decode(errors="replace")
        lines = text.split("\n")
        kinds = [line[7:] for line in lines if line.startswith("event: ")]
        return list(zip(kinds, [json.loads(line[6:]) for line in lines if line.startswith("data: ")]))
