# SPDX-License-Identifier: GPL-3.0-or-later
"""A class by its calls: joining, working, answering, being shown, keeping and coming back."""
import csv
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

from browser import Shell
from class_client import Client, check

natsh, lessons = sys.argv[1], sys.argv[2]
folder = tempfile.mkdtemp(prefix="natsh-class")
shell = Shell(natsh, "--lessons", lessons, state=folder)


def until(holds, words, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        check(time.monotonic() < end, words)
        time.sleep(0.02)


try:
    # Without a class there is none.
    check(shell("class")["error"]["kind"] == "no-class", "a class without one")
    url = shell.page()
    early = Client(int(url.rsplit(":", 1)[1].strip("/")))
    check(early.ask("GET", "/learn")[0] == 404 and early.ask("POST", "/join", {})[0] == 404, "learners without a class")
    check(json.loads(early.ask("GET", "/state.json")[1])["class"] is None, "a class on the page")
    shell("page off")

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = taken.getsockname()[1]
        fault = shell(f"class open room-7 on 127.0.0.1 port {busy} size 5")["error"]
        check(fault["kind"] == "port-taken" and fault["suggestion"].startswith("class open room-7 on 127.0.0.1 size 5 port "),
              f"{fault}")
    room = shell.open_class("room-7 on 127.0.0.1 size 5")
    check(room["learners"] == 0 and len(room["code"]) == 6 and room["code"].isdigit(), f"the class is {room}")
    code, port = room["code"], int(room["url"].rsplit(":", 1)[1].strip("/"))
    check(shell("class open other")["error"]["kind"] == "class-open", "two classes at once")
    check(shell("class open")["class"]["code"] == code, "the class is told again")
    check(shell("class open on 192.0.2.1")["ok"], "it is open, wherever")

    ann, bob, eve = Client(port), Client(port), Client(port)
    invitation = json.loads(ann.ask("GET", "/class.json")[1])
    check(invitation["code"] == code and invitation["qr"][0].startswith("1111111"), "the page has the code")

    # Joining.
    for body in ("", "{", "[]", '{"code": 1, "name": []}', "\x00"):
        check(ann.ask("POST", "/join", body)[0] == 400, f"a body that is no JSON: {body!r}")
    check(ann.join("000000" if code != "000000" else "111111", "Ann") == 403, "a wrong code")
    for name in ("", "   ", "a" * 41, "a\nb", "a\u202eb", "\x1b[2J"):
        check(ann.join(code, name) == 400, f"a name that is none: {name!r}")
    check(ann.join(code, " Ann ") == 200, "the right code")
    check(ann.ask("POST", "/join", {"code": int(code), "name": "ANN"}, Cookie="")[0] == 409, "a name that is taken")
    check(bob.join(code, "<b>Bob</b>") == 200, "another name")
    check(eve.ask("POST", "/run", {"line": "host a"})[0] == 403, "who has not joined")
    check(eve.ask("GET", "/work/state.json")[0] == 403 and eve.ask("GET", "/work/events")[0] == 403, "nor look")
    check(eve.ask("POST", "/answer", {"choice": 1})[0] == 403, "nor answer")

    # Two who do different things.
    answer = ann.run("scene one-home")
    check(answer["ok"] and answer["command"] == "scene one-home" and "text" in answer, f"{answer}")
    ann.run("send alice:5000 bob:4000")
    hops = ann.run("run")
    check(hops["hops"][-1]["verdict"] == "delivered" and "bob" in hops["text"], f"{hops}")
    bob.run("lesson who-are-you")
    check([d["name"] for d in ann.state()["devices"]] != [d["name"] for d in bob.state()["devices"]], "one network for two")
    check(bob.state()["lesson"]["id"] == "who-are-you" and ann.state()["lesson"] is None, "the lesson is Bob's")
    wrong = ann.run("send alcie bob")
    check(not wrong["ok"] and wrong["error"]["suggestion"] == "alice" and "alice" in wrong["text"], f"{wrong}")
    check(ann.run("save x.natsh")["downloads"][0]["name"] == "x.natsh", "a download")
    check(ann.run("load x.natsh")["upload"] == "x.natsh", "an upload is asked for")
    check(ann.run("load x.natsh", script="host carol\nhost dora")["ok"], "an upload")
    picture = ann.run("export svg /etc/map.svg")
    check(picture["downloads"][0]["text"].count("<svg") and picture["downloads"][0]["name"] == "map.svg", "a picture")
    check("Wrote map.svg" in picture["text"] and "/etc" not in picture["exported"], f"{picture['text']}")
    check(not any(os.path.exists(n) for n in ("x.natsh", "map.svg")), "a learner wrote a file")
    check(ann.run("class close")["error"]["kind"] == "teacher-only", "a learner is no teacher")
    found = json.loads(ann.ask("POST", "/complete", {"line": "send ali", "cursor": 8})[1])
    check(found["start"] == 5 and found["candidates"][0]["text"].startswith("alice"), f"{found}")
    check(ann.ask("POST", "/run", "{}")[0] == 400 and ann.ask("POST", "/complete", {"line": 3})[0] == 400, "bad bodies")
    kind, data = ann.events("/work/events", 1)[0]
    check(kind == "snapshot" and data["class"]["learner"] == "Ann", "the events begin with a snapshot")
    seen = data["sequence"]
    ann.run("wait 1s")
    ann.run("wait 1s")
    check([e[0] for e in ann.events("/work/events", 2, seen)] == ["change", "change"], "what was missed")

    # What is too much is refused, and delays nobody.
    check(ann.run("crowd 100000000")["error"]["kind"], "a crowd of a hundred million")
    check(ann.run("crowd 100000")["error"]["kind"] == "too-many-devices", "a crowd of a hundred thousand")
    before = ann.state()
    many = ann.run("load big", script="router big lan 10.0.0.0/8\n" + "\n".join(f"host h{n} behind big" for n in range(1001)))
    check(many["error"]["kind"] == "too-many-devices", f"{many['error']}")
    long = ann.run("crowd 1000 via server rate 1mbit for 10m")
    check(long["error"]["kind"] == "too-long", f"{long}")
    check(ann.state()["devices"] == before["devices"] and ann.state()["clock_us"] == before["clock_us"], "refused and done")

    # The roster, and a network on the projector.
    bob.run("check")
    roster = {row["name"]: row for row in shell("class")["class"]["roster"]}
    check(roster["<b>Bob</b>"]["lesson"] == "who-are-you" and roster["<b>Bob</b>"]["step"] == 1, f"{roster}")
    check(roster["Ann"]["lesson"] is None and roster["Ann"]["here"], f"{roster}")
    check(shell("class show an")["error"]["suggestion"] == "Ann", "nobody of that name")
    page = Client(port)
    shell("class show Ann")
    until(lambda: json.loads(page.ask("GET", "/state.json")[1])["shown"] == "Ann", "Ann is not shown")
    shown = json.loads(page.ask("GET", "/state.json")[1])
    check("carol" in [device["name"] for device in shown["devices"]], "it is not her network")
    ann.run("host frida")
    until(lambda: "frida" in page.ask("GET", "/state.json")[1], "the projector does not follow her")
    shell("class show")
    until(lambda: json.loads(page.ask("GET", "/state.json")[1])["shown"] is None, "the teacher's is not back")

    # A question, answered once each.
    check(ann.ask("POST", "/answer", {"choice": 1})[0] == 409, "nothing is asked")
    check(shell("class reveal")["error"]["kind"] == "nothing-asked", "nothing to reveal")
    check(not shell('class ask "Who?" "a"')["ok"], "a question with one choice")
    check(shell('class ask "Who gets it?" "alice" "<i>nobody</i>"')["ok"], "a question")
    check(ann.state()["asked"]["text"] == "Who gets it?" and "counts" not in ann.state()["asked"], "Ann is asked")
    check(ann.ask("POST", "/answer", {"choice": 3})[0] == 400, "no such choice")
    check(ann.ask("POST", "/answer", {"choice": 2})[0] == 200, "an answer")
    check(ann.ask("POST", "/answer", {"choice": 1})[0] == 409, "a second answer")
    check(bob.ask("POST", "/answer", {"choice": 2})[0] == 200, "another's answer")
    question = json.loads(page.ask("GET", "/state.json")[1])["question"]
    check(question["counts"] == [0, 2] and question["answers"] == 2 and "right" not in question, f"{question}")
    check(ann.state()["asked"]["chosen"] == 2, "her own answer")
    revealed = shell("class reveal")["revealed"]
    check(revealed["counts"] == [0, 2] and revealed["answers"] == 2 and revealed["right"] is None, f"{revealed}")
    check(ann.ask("POST", "/answer", {"choice": 1})[0] == 409, "after the reveal")

    # The lesson's own question, with its proof.
    check(shell("class ask")["error"]["kind"] == "no-question", "no lesson, no question")
    shell("lesson direct-call")
    for _ in range(30):
        if shell("class ask")["ok"]:
            break
        shell("skip")
    asked = ann.state()["asked"]
    check(asked["choices"] and asked.get("right") is None, f"{asked}")
    check("right" not in json.loads(page.ask("GET", "/state.json")[1])["question"], "the answer is told too soon")
    ann.ask("POST", "/answer", {"choice": 1})
    revealed = shell("class reveal")
    check(revealed["revealed"]["right"] in range(1, 10) and revealed["proof"], f"{revealed}")
    check(ann.state()["asked"]["right"] == revealed["revealed"]["right"], "Ann is not told what is right")

    # A learner at the very question votes at the prompt, and is told nothing; the page shows the run that proves it, also
    # if the teacher has answered, gone on or left meanwhile.
    question = None
    for typed in ([], ["answer 3"], ["answer 3", "next"], ["leave"]):
        shell("lesson who-are-you 3")
        asked = shell("class ask")
        check(asked["ok"] and "tutor" not in json.dumps(asked), f"{asked}")
        ann.run("lesson who-are-you 3")
        vote = ann.run("3")
        check(vote["ok"] and vote["vote"] == 3 and "Right" not in vote["text"], f"{vote}")
        check(ann.state()["asked"]["chosen"] == 3 and ann.state()["lesson"]["done"] is False, "the vote is not counted")
        check(ann.run("2")["error"]["kind"] == "has-voted", "a second vote")
        check(bob.run("lesson who-are-you 3; solution")["error"]["kind"] == "class-is-asked", "the answer is given away")
        for line in typed:
            check(shell(line)["ok"], line)
        before = json.loads(page.ask("GET", "/state.json")[1])
        check(before["proof"] is None and not any(hop.get("reason") == "filtered" for hop in before["hops"]), "too soon")
        revealed = shell("class reveal")
        check(revealed["revealed"]["counts"] == [0, 0, 1] and revealed["revealed"]["because"], f"{revealed}")
        check(revealed["proof"] and revealed["revealed"]["later"] and revealed["answer"] == "filtered", f"{revealed}")
        check("question-open" not in json.dumps(revealed), f"{revealed}")
        shown = json.loads(page.ask("GET", "/state.json")[1])
        check(shown["proof"] and shown["hops"][-1]["reason"] == "filtered", f"no run on the page: {shown['hops'][-2:]}")
        check(shown["question"]["right"] == 3, "what is right is not on the page")
        shell("class show Ann")
        until(lambda: json.loads(page.ask("GET", "/state.json")[1])["shown"] == "Ann", "Ann is not shown after a proof")
        shell("class show")
        shell("map")
        until(lambda: json.loads(page.ask("GET", "/state.json")[1])["question"] is None, "the question stays")
        check(json.loads(page.ask("GET", "/state.json")[1])["proof"] is None, "the proof stays")
        check(ann.run("3")["right_at_first"], "she cannot answer once it is revealed")
        bob.run("leave")

    # The same question in other words, some steps later: then and now.
    shell("lesson who-are-you")
    counts = []
    for learner_choices in ((3, 1), (3, 3)):
        for _ in range(30):
            asked = shell("class ask")
            if asked["ok"]:
                break
            shell("skip")
        for learner, choice in zip((ann, bob), learner_choices):
            learner.ask("POST", "/answer", {"choice": choice})
        counts.append(shell("class reveal")["revealed"])
        check(shell("next")["ok"], "the step is not done")
    then, now = counts
    check(then["right"] == 3 and then["later"] and "before" not in then, f"{then}")
    check(now["before"]["counts"] == then["counts"] and now["before"]["text"] == then["question"], f"{now}")
    shell("leave")

    # A lesson and a network for everybody.
    given = shell("class lesson who-are-you")["given"]
    check(given == {"learners": 2, "lesson": "who-are-you"}, f"{given}")
    until(lambda: (ann.state()["lesson"] or {}).get("id") == "who-are-you", "the lesson does not begin")
    check(shell("class lesson who-are-yu")["error"]["suggestion"] == "who-are-you", "no such lesson")
    ann.run("send nobody nowhere")
    ann.run("next")
    shell("leave")
    shell("reset")
    shell("host zoe")
    shell("class send")
    until(lambda: [d["name"] for d in bob.state()["devices"]] == ["zoe"], "the network is not given")
    bob.run("host yves")
    check("# outside lessons" in bob.ask("GET", "/hand-in")[1], "what was done outside lessons is lost")
    check(bob.ask("GET", "/hand-in")[1].endswith("host zoe\nhost yves\n"), bob.ask("GET", "/hand-in")[1])
    roster = {row["name"]: row for row in shell("class")["class"]["roster"]}
    check(roster["Ann"]["lesson"] == "who-are-you" and roster["Ann"]["right_at_first"], f"forgotten: {roster['Ann']}")
    check("yves" not in [d["name"] for d in ann.state()["devices"]], "a copy each")

    # Keeping: scripts that are marked, and a roster.
    target = os.path.join(folder, "saved")
    saved = shell(f"class save {target}")
    check(sorted(saved["files"]) == ["ann.natsh", "b-bob-b.natsh", "roster.csv"] and saved["replaced"] == 0, f"{saved}")
    check(shell(f"class save {target}")["replaced"] == 3, "once more")
    with open(os.path.join(target, "ann.natsh")) as file:
        head = file.read().split("\n")
    check(head[:3] == ["# natsh hand-in 1", "# name: Ann", "# lesson: who-are-you"], f"{head[:4]}")
    with open(os.path.join(target, "roster.csv")) as file:
        check([row["name"] for row in csv.DictReader(file)] == ["Ann", "<b>Bob</b>"], "the roster")
    grades = subprocess.run([natsh, "grade", "who-are-you", target, "--lessons", lessons, "--json"],
                            capture_output=True, text=True)
    rows = [json.loads(line) for line in grades.stdout.splitlines()]
    check([row["name"] for row in rows] == ["Ann", "<b>Bob</b>"], f"{grades.stdout}{grades.stderr}")
    check(all(row["status"] in ("partly", "empty") for row in rows), f"{rows}")
    check(ann.ask("GET", "/hand-in")[1].startswith("# natsh hand-in 1\n# name: Ann\n"), "the hand-in")

    # A stolen cookie under another name is another learner; its owner's work is untouched.
    ann.run("host anns-own")
    thief = Client(port)
    thief.cookie = ann.cookie
    check(thief.join("999999" if code != "999999" else "888888", "Mallory") == 403, "a name of one's own needs the code")
    check(thief.join(code, "Mallory") == 200 and thief.cookie != ann.cookie, "another name is another learner")
    # Whoever comes later gets what everybody was given, and nothing of Ann's.
    until(lambda: [d["name"] for d in thief.state()["devices"]] == ["zoe"], "the network is not given to who comes later")
    check([d["name"] for d in ann.state()["devices"]] == ["zoe", "anns-own"], "Ann's work is touched")

    # Killed in the middle; whoever comes back with the cookie finds everything.
    for line in ("lesson who-are-you", "hint", "send nobody nowhere"):
        ann.run(line)
    last = {key: value for key, value in ann.state().items() if key not in ("sequence", "asked", "class")}
    marks = {row["name"]: row for row in shell("class")["class"]["roster"]}["Ann"]
    shell.process.send_signal(signal.SIGKILL)
    shell.process.wait()
    with open(os.path.join(folder, "natsh/classes/room-7/0001.learner"), "a") as file:
        file.write('{"line":"host never-wri')
    shell = Shell(natsh, "--lessons", lessons, state=folder)
    again = shell(f"class open Room-7 on 127.0.0.1 port {port}")["class"]
    check(again["code"] == code and again["learners"] == 3, f"{again}")
    status, text, _ = ann.ask("POST", "/join", {"name": "Ann"})
    check(status == 200 and "hint" in json.loads(text)["history"], f"{status} {text}")
    until(lambda: ann.state()["command"] == last["command"], "her work is not back")
    now = {key: value for key, value in ann.state().items() if key not in ("sequence", "asked", "class")}
    check(now == last, f"not as it was: {[key for key in last if now.get(key) != last[key]]}")
    after = {row["name"]: row for row in shell("class")["class"]["roster"]}["Ann"]
    check(all(after[key] == marks[key] for key in ("lesson", "step", "misses", "hints", "wrong")), f"{after} {marks}")
    check(ann.run("host walter")["ok"], "she cannot go on")
    other = Shell(natsh, state=folder)
    check(other("class open room-7 on 127.0.0.1 port 18990")["error"]["kind"] == "class-open-elsewhere", "open twice")
    other.close()

    # Over: who looks on is told so.
    watching = socket.create_connection(("127.0.0.1", port), timeout=60)
    watching.sendall(f"GET /work/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {ann.cookie}\r\n\r\n".encode())
    watching.recv(65536)
    check(shell("class close")["class"]["open"] is False, "it does not close")
    told = ""
    while part := watching.recv(65536).decode():
        told += part
    check("event: closed\n" in told, f"who looks on is not told: {told[-200:]}")
    check(ann.ask("POST", "/run", {"line": "host x"})[0] == 404 and page.ask("GET", "/")[0] == 200, "it goes on")
    check(shell("class close")["ok"] and shell("page off")["ok"], "closing what is closed")
    check(shell(f"class open room-7 on 127.0.0.1 port {port}")["class"]["code"] != code, "an old code lets in")
finally:
    shell.close()
