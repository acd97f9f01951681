# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives a headless Chromium by its DevTools protocol, over a pipe: the standard library is enough."""
import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

# A script that waits for what never comes ends, and the programs that it has started with it.
signal.alarm(300)


class Browser:
    def __init__(self, width=1920, height=1080, features=()):
        program = next((p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), None)
        if program is None:
            sys.exit(77)
        self.folder = tempfile.mkdtemp(prefix="natsh-browser")
        to_read, self.out = os.pipe()
        self.inp, to_write = os.pipe()
        # Chromium reads from descriptor 3 and writes to 4.
        def wire():
            low, high = os.dup(to_read), os.dup(to_write)
            high = os.dup2(high, 40)
            os.dup2(low, 3)
            os.dup2(40, 4)
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--remote-debugging-pipe", "--user-data-dir=" + self.folder, f"--window-size={width},{height}",
             "--no-first-run", "--disable-extensions", "about:blank"],
            preexec_fn=wire, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.buffer, self.number, self.events = b"", 0, []
        self.problems = []
        self.session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Accessibility", "Network"):
            self.call(domain + ".enable")
        self.size(width, height)
        if features:
            self.call("Emulation.setEmulatedMedia", features=[{"name": n, "value": v} for n, v in features])

    def _message(self, wait):
        import select
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.inp], [], [], wait)
            if not ready:
                return None
            data = os.read(self.inp, 1 << 20)
            if not data:
                raise RuntimeError("the browser has gone")
            self.buffer += data
        text, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(text)
        method = message.get("method")
        if method == "Runtime.exceptionThrown":
            self.problems.append(message["params"]["exceptionDetails"])
        elif method == "Runtime.consoleAPICalled" and message["params"]["type"] in ("error", "warning"):
            self.problems.append(message["params"]["args"])
        elif method == "Log.entryAdded" and message["params"]["entry"]["level"] in ("error", "warning"):
            self.problems.append(message["params"]["entry"])
        return message

    def call(self, method, **parameters):
        self.number += 1
        number = self.number
        request = {"id": number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.out, json.dumps(request).encode() + b"\0")
        while True:
            message = self._message(60)
            if message is None:
                raise RuntimeError("no answer to " + method)
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]

    def size(self, width, height, mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def open(self, url):
        self.call("Page.navigate", url=url)
        self.until("document.readyState === 'complete'")

    def run(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(expression + ": " + json.dumps(result["exceptionDetails"]))
        return result["result"].get("value")

    def until(self, expression, seconds=30):
        """Waits for an expression to become true; if it does not, fails with the page's text."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.run(f"!!({expression})")
            if value:
                return value
            time.sleep(0.05)
        raise AssertionError(f"never true: {expression}\nthe page: {self.run('document.body.innerText')}")

    def settled(self, expression, seconds=10):
        """What an expression tells of the page once it has come to rest: nothing, if that comes in time."""
        end = time.monotonic() + seconds
        while True:
            value = self.run(expression)
            if not value or time.monotonic() > end:
                return value
            time.sleep(0.2)

    def press(self, key, code=None, text=None):
        codes = {"Tab": 9, "Enter": 13, " ": 32}
        parameters = {"key": key, "code": code or key, "windowsVirtualKeyCode": codes.get(key, 0)}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text or ("\r" if key == "Enter" else ""), **parameters)
        self.call("Input.dispatchKeyEvent", type="keyUp", **parameters)

    def tree(self):
        """The accessibility tree's roles and names, as a screen reader gets them."""
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        return [(node.get("role", {}).get("value", ""), node.get("name", {}).get("value", ""))
                for node in nodes if not node.get("ignored")]

    def picture(self, path):
        data = self.call("Page.captureScreenshot", format="png")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        try:
            self.call("Browser.close")
        except Exception:
            self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Shell:
    """A natsh whose commands come one at a time, and whose JSON is read back."""

    def __init__(self, program, *arguments, state=None, **variables):
        environment = dict(os.environ, **({"XDG_STATE_HOME": state} if state else {}), **variables)
        self.process = subprocess.Popen(
            [program, "--json", "--keep-going", *arguments, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, bufsize=1, env=environment)

    def __call__(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def page(self):
        """Opens the page at a free port."""
        answer = self("page 18420")
        while not answer["ok"]:
            answer = self(answer["error"]["suggestion"])
        return answer["page"]["url"]

    def open_class(self, clauses="on 127.0.0.1"):
        """Opens a class at a port that is free."""
        answer = self(f"class open {clauses} port 18430")
        while not answer["ok"]:
            if answer["error"]["kind"] != "port-taken":
                raise AssertionError(answer)
            answer = self(f"class open {clauses} port {answer['error']['suggestion'].split()[-1]}")
        return answer["class"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)
