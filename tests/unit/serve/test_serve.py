"""The server without a browser: what it lists, checks, saves, runs and shows, and what it refuses."""

from __future__ import annotations

import ast
import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from jukinet_sim.base.errors import StoreError, UsageError
from jukinet_sim.cli.app import main
from jukinet_sim.experiments.runs import StoredRun
from jukinet_sim.report.messages.say import MESSAGES
from jukinet_sim.results.store import count_finished
from jukinet_sim.scenario.load import load
from jukinet_sim.serve import child
from jukinet_sim.serve.app import make_app
from jukinet_sim.serve.files import Folder, version
from jukinet_sim.serve.guard import MOST_BYTES
from jukinet_sim.serve.jobs import Jobs
from jukinet_sim.serve.pages import refusal, static
from jukinet_sim.serve.server import is_loopback, listen

SCENARIO = """scenario: desk
title: "<script>alert(1)</script> {{7*7}}"
run: {horizon: 300 s, replications: 4, seed: 1, engine: reference}
network:
  stations:
    desk: {servers: 2}
  flows:
    visitor:
      arrivals: {poisson: 1 /s}
      route:
        - {visit: desk, demand: {exponential: 1 s}}
slo:
  - {flow: visitor, metric: wait.p95, below: 20 s}
"""
OURS = {"X-Jukinet": "1"}
ROOT = Path(__file__).resolve().parents[3]
AT_MOST_S = 120.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a scenario, and a secret beside it."""
    served = tmp_path / "served"
    served.mkdir()
    (served / "desk.yaml").write_text(SCENARIO)
    (tmp_path / "secret.yaml").write_text("secret: true\n")
    return served


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    """Somebody who asks a server on loopback."""
    app = make_app(folder, folder / "runs", language="en", hosts=frozenset({"127.0.0.1"}))
    with TestClient(app, base_url="http://127.0.0.1:1", headers=OURS) as found:  # type: ignore[arg-type]
        yield found


def heard(client: TestClient, job: int) -> list[dict[str, Any]]:
    """All that a run tells until its end."""
    with client.stream("GET", f"/job/{job}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = list(stream.iter_lines())
    assert lines[-3:-1] == ["event: end", "data: {}"] or "event: end" in lines
    return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith('data: {"kind')]


def finished(folder: Path) -> int:
    """Finished replications in a folder; none where the store is still being made."""
    try:
        return count_finished(folder)
    except StoreError:
        return 0


def test_scenarios_and_shipped_ones_are_listed(client: TestClient, folder: Path) -> None:
    """Files in the folder with their titles, which stay text; hidden ones, links outward and kept scenarios are left out."""
    (folder / ".hidden.yaml").write_text("title: hidden\n")
    (folder / "out.yaml").symlink_to(folder.parent / "secret.yaml")
    kept = folder / "runs" / "desk" / "0123"
    kept.mkdir(parents=True)
    (kept / "manifest.json").write_text("{}")
    (kept / "scenario.yaml").write_text("title: kept\n")
    page = client.get("/").text
    assert "desk.yaml" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}" in page
    assert "<script>alert" not in page
    assert ".hidden" not in page
    assert "out.yaml" not in page
    assert "runs/desk" not in page
    assert "fy2012.yaml" in page


def test_a_text_is_checked_as_it_would_be_saved(client: TestClient, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """The faults are those that `validate` prints for such a file, with line and column; a right text has its load."""
    wrong = SCENARIO.replace("servers: 2", "servers: two").replace("poisson", "poison")
    found = client.post("/api/check", json={"file": "desk.yaml", "in": "", "text": wrong}).json()
    (folder / "desk.yaml").write_text(wrong)
    assert main(["validate", str(folder / "desk.yaml")]) == 2
    printed = capsys.readouterr().err
    assert not found["valid"]
    assert [one["line"] for one in found["faults"]] == [6, 9]
    assert all(f":{one['line']}:{one['column']}: error: {one['what']}; {one['cure']}" in printed for one in found["faults"])
    right = client.post("/api/check", json={"file": "new.yaml", "in": "", "text": SCENARIO}).json()
    assert right["valid"]
    assert right["rows"][0][:2] == ["desk", "1"]
    assert not (folder / "new.yaml").exists()


def test_a_base_beside_it_is_found(client: TestClient) -> None:
    """A text extends the files of the folder, and its own name is no circle."""
    text = "extends: desk.yaml\nscenario: other\nnetwork: {stations: {desk: {servers: 1}}}\n"
    found = client.post("/api/check", json={"file": "other.yaml", "in": "", "text": text}).json()
    assert found["valid"]
    assert any("cannot keep up" in note for note in found["notes"])
    circle = {"file": "desk.yaml", "in": "", "text": "extends: desk.yaml\nscenario: x\n"}
    assert "extends leads back to" in client.post("/api/check", json=circle).json()["faults"][0]["what"]


def test_saving_knows_what_it_replaces(client: TestClient, folder: Path) -> None:
    """A file is written where it is as it was read; what has changed meanwhile, or is there already, is not lost."""
    page = client.get("/edit", params={"file": "desk.yaml"}).text
    known = page.partition('data-version="')[2].partition('"')[0]
    saved = client.post("/api/save", json={"file": "desk.yaml", "text": SCENARIO + "# mine\n", "version": known})
    assert (folder / "desk.yaml").read_text().endswith("# mine\n")
    again = client.post("/api/save", json={"file": "desk.yaml", "text": "gone", "version": known})
    assert (again.status_code, "has changed on disk" in again.json()["error"]["en"]) == (409, True)
    other = client.post("/api/save", json={"file": "desk.yaml", "text": "gone", "version": ""})
    assert (other.status_code, "already" in other.json()["error"]["en"]) == (409, True)
    assert (folder / "desk.yaml").read_text().endswith("# mine\n")
    assert client.post("/api/save", json={"file": "new.yaml", "text": SCENARIO, "version": ""}).status_code == 200
    assert saved.json()["version"] != known


@pytest.mark.parametrize(("ends", "kept"), [("\r\n", "\r\n"), ("\n", "\n")])
def test_a_file_keeps_the_ends_of_its_lines(client: TestClient, folder: Path, ends: str, kept: str) -> None:
    """A browser has one way to end a line; what is written has that of the file."""
    (folder / "desk.yaml").write_bytes(SCENARIO.replace("\n", ends).encode())
    known = version((folder / "desk.yaml").read_bytes())
    text = SCENARIO + "# mine\n"
    answer = client.post("/api/save", json={"file": "desk.yaml", "text": text, "version": known})
    content = (folder / "desk.yaml").read_bytes()
    assert content == text.replace("\n", kept).encode()
    assert answer.json()["version"] == version(content)


@pytest.mark.parametrize(
    ("seed", "status"),
    [(str(2**63 - 1), 200), (7, 200), (str(2**63), 400), ("1" * 5000, 400), ("1e3", 400), (True, 400), ("-1", 400)],
)
def test_a_seed_keeps_its_digits(folder: Path, seed: object, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a text, since a number of a browser has 53 bits; what is no seed is refused."""
    started: list[list[str]] = []

    async def start(_self: Jobs, _path: Path, _name: str, sets: list[str]) -> Any:
        started.append(sets)
        return SimpleNamespace(number=1)

    monkeypatch.setattr(Jobs, "start", start)
    app = make_app(folder, folder / "runs", language="en", hosts=frozenset({"127.0.0.1"}))
    with TestClient(app, base_url="http://127.0.0.1:1", headers=OURS) as asking:  # type: ignore[arg-type]
        assert asking.post("/api/run", json={"file": "desk.yaml", "in": "", "seed": seed}).status_code == status
    assert started == ([[f"run.seed={seed}"]] if status == 200 else [])


def test_a_file_in_another_encoding_is_not_opened(client: TestClient, folder: Path) -> None:
    """What cannot be read as UTF-8 would be lost by saving it: it is refused with the cure."""
    (folder / "sjis.yaml").write_bytes("title: 住民\n".encode("shift_jis"))
    answer = client.get("/edit", params={"file": "sjis.yaml"})
    assert (answer.status_code, "save it as UTF-8" in answer.text) == (404, True)


@pytest.mark.parametrize(
    "name",
    [
        "../secret.yaml", "/etc/passwd", "..%2fsecret.yaml", "a/../../secret.yaml", "secret", "desk.yaml\x00.txt", "",
        "out.yaml", "=cmd.yaml", "<script>.yaml", "\u202egnp.yaml", "\x1b[31m.yaml", "a/b/c/d/e.yaml", ".hidden.yaml",
        "C:\\x.yaml",
    ],
)  # fmt: skip
def test_no_path_leaves_the_folder(client: TestClient, folder: Path, name: str) -> None:
    """Whatever a name looks like, it means a scenario file in the folder or nothing at all, to read, check, save and run."""
    (folder / "out.yaml").symlink_to(folder.parent / "secret.yaml")
    answer = client.get("/edit", params={"file": name})
    assert answer.status_code == 404
    assert "secret: true" not in answer.text
    assert "<script>." not in answer.text
    for path in ("/api/check", "/api/save", "/api/run"):
        assert client.post(path, json={"file": name, "in": "", "text": "x", "version": ""}).status_code == 400, path
    assert (folder.parent / "secret.yaml").read_text() == "secret: true\n"
    quoted = quote(name, safe="")
    for run in (f"/report/{quoted}/x", f"/compare?a={quoted}&b={quoted}", "/report/..%2f..%2fetc/passwd"):
        assert client.get(run).status_code == 404


def test_shipped_scenarios_are_only_read(client: TestClient) -> None:
    """They are shown, checked and may be run, and are not written."""
    assert "A shipped scenario" in client.get("/edit", params={"in": "shipped", "file": "tiny.yaml"}).text
    with pytest.raises(UsageError, match="stay as they are"):
        Folder(Path("/"), read_only=True).write("tiny.yaml", b"", None)


def test_a_run_is_told_from_its_plan_to_its_report(client: TestClient, folder: Path) -> None:
    """Events say how it gets on, each replication with what is known so far, and its end; the report holds its figures."""
    started = client.post("/api/run", json={"file": "desk.yaml", "in": "", "replications": 5, "seed": 3})
    told = heard(client, started.json()["job"])
    kinds = [one["kind"] for one in told]
    assert kinds[0] == "plan"
    assert kinds.count("settled") == 5
    assert kinds[-1] == "finished"
    last = told[-1]
    assert (last["status"], last["replications"], last["levels"][0]["verdict"]) == ("complete", 5, "met")
    settled = [one["headlines"][0] for one in told if one["kind"] == "settled"]
    assert settled[0]["name"] == "visitor wait.p95"
    assert settled[0]["half_width"] is None
    assert settled[-1]["half_width"] > 0.0
    assert len({one["unit"] for one in settled}) == 1
    page = client.get(f"/report/{last['run']}")
    assert page.status_code == 200
    assert page.headers["content-security-policy"].startswith("sandbox allow-scripts allow-downloads; default-src 'none'; ")
    assert "<script>alert" not in page.text
    assert last["run"] in client.get("/").text
    assert heard(client, started.json()["job"])[-1] == last


def test_a_stopped_run_keeps_what_is_finished(client: TestClient, folder: Path) -> None:
    """While one goes on no other begins; stopping it keeps finished replications, and the end says how many."""
    endless = SCENARIO.replace("horizon: 300 s", "horizon: 1000 s").replace("replications: 4", "replications: 4000")
    (folder / "endless.yaml").write_text(endless)
    job = client.post("/api/run", json={"file": "endless.yaml", "in": ""}).json()["job"]
    refused = client.post("/api/run", json={"file": "desk.yaml", "in": ""})
    assert (refused.status_code, "is being run" in refused.json()["error"]["en"]) == (400, True)
    until = time.monotonic() + AT_MOST_S
    while time.monotonic() < until and not any(map(finished, (folder / "runs").glob("*/*"))):
        time.sleep(0.1)
    client.post("/api/stop", json={"job": job})
    last = heard(client, job)[-1]
    assert (last["kind"], last["status"], last["asked"]) == ("finished", "interrupted", 4000)
    (kept,) = (folder / "runs").glob("*/*")
    assert 0 < last["replications"] == count_finished(kept) < 4000


def test_a_run_that_cannot_be_is_told(client: TestClient, folder: Path) -> None:
    """A faulty file ends its run with the fault and its cure."""
    (folder / "desk.yaml").write_text(SCENARIO.replace("servers: 2", "servers: two"))
    job = client.post("/api/run", json={"file": "desk.yaml", "in": ""}).json()["job"]
    last = heard(client, job)[-1]
    assert last["kind"] == "failed"
    assert '"two" is not a number' in last["why"][0]


def test_two_runs_are_compared(folder: Path, client: TestClient) -> None:
    """Two runs of one seed are compared over what both have."""
    busy = SCENARIO.replace("scenario: desk", "scenario: busy").replace("poisson: 1 ", "poisson: 1.5 ")
    (folder / "busy.yaml").write_text(busy)
    runs = folder / "runs"
    for name in ("desk", "busy"):
        main(["run", str(folder / f"{name}.yaml"), "--out", str(runs), "--quiet", "--jobs", "1"])
    a, b = (f"{path.parent.name}/{path.name}" for path in sorted(runs.glob("*/*")))
    page = client.get("/compare", params={"a": a, "b": b}).text
    assert "visitor wait.p95" in page
    assert a in page
    assert "no name of a run" in client.get("/compare", params={"a": "x", "b": b}).text


def test_only_pages_of_the_server_change_anything(client: TestClient) -> None:
    """Without the header, from another origin, by another name, or with too much, a request is refused."""
    post = {"file": "desk.yaml", "in": "", "text": "x"}
    assert client.post("/api/check", json=post, headers={"Origin": "http://127.0.0.1:1"}).status_code == 200
    assert client.post("/api/check", json=post, headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post("/api/check", json=post, headers={"Origin": "null"}).status_code == 403
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 421
    assert client.get("/", headers={"Host": "127.0.0.1.evil.example:1"}).status_code == 421
    assert client.request("DELETE", "/").status_code == 405
    assert client.post("/api/check", content=b"x" * (MOST_BYTES + 1)).status_code == 413
    assert client.post("/api/check", content=iter([b"x" * MOST_BYTES, b"xx"])).status_code == 413
    assert client.post("/api/check", content=b"{").json() == {"error": {"en": "this is no JSON", "ja": "JSON ではない"}}
    assert client.post("/api/check", content=b"[" * 100_000).status_code == 400
    assert client.post("/api/run", json={"file": "desk.yaml", "replications": -1}).status_code == 400
    client.headers.pop("X-Jukinet")
    assert client.post("/api/check", json=post).status_code == 403


def test_every_answer_has_its_policy(client: TestClient) -> None:
    """Pages load and send nothing elsewhere, are framed by nobody, and run no script that stands in them."""
    for path in ("/", "/edit?file=desk.yaml", "/guide", "/guide/tutorial", "/nothing", "/static/serve.js"):
        answer = client.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "http" not in answer.text.replace("http://127.0.0.1", "") or path.startswith(("/guide", "/static"))
    assert client.get("/static/..%2fapp.py").status_code == 404


def test_a_token_is_asked_for_where_there_is_one(folder: Path) -> None:
    """Shown once in the address it is kept in a cookie and gone from the address; a wrong one, or none, is refused."""
    app = make_app(folder, folder / "runs", language="en", hosts=None, token="abcdefgh1")
    with TestClient(app, base_url="http://host:1", follow_redirects=False) as client:  # type: ignore[arg-type]
        assert client.get("/").status_code == 401
        assert client.get("/?token=wrong").status_code == 401
        shown = client.get("/edit?file=desk.yaml&token=abcdefgh1")
        assert (shown.status_code, shown.headers["location"]) == (303, "/edit?file=desk.yaml")
        assert "HttpOnly; SameSite=Strict" in shown.headers["set-cookie"]
        assert client.get("/").status_code == 200
        client.cookies.clear()
        assert client.get("http://host:1//evil.example/?token=abcdefgh1").headers["location"] == "/evil.example/"


def test_addresses_and_tokens_that_are_none_are_refused(tmp_path: Path) -> None:
    """Other machines are only let in with a token that is worth the name."""
    assert [is_loopback(one) for one in ("127.0.0.1", "::1", "localhost", "0.0.0.0")] == [True, True, True, False]
    with pytest.raises(UsageError, match="is no address"):
        is_loopback("evil.example")
    with pytest.raises(UsageError, match="8 of them at least"):
        listen(tmp_path, tmp_path, host="0.0.0.0", port=0, token="short", language="en", tell=lambda _: None)
    with pytest.raises(UsageError, match="there is no folder"):
        listen(tmp_path / "none", tmp_path, host="127.0.0.1", port=0, token=None, language="en", tell=lambda _: None)


def test_scripts_say_what_is_said_in_both_languages() -> None:
    """Every message that scripts ask for exists, and every one that exists is asked for."""
    script = static("serve.js")
    live = {key.removeprefix("live.") for key in MESSAGES if key.startswith("live.")}
    assert {key for key in live if f'"{key}"' in script} | {"met", "missed", "undecided"} == live
    assert all(all(texts) for key, texts in MESSAGES.items() if key.startswith(("live.", "serve.")))


def refusals() -> Iterator[str]:
    """Every text with which the server refuses what it is asked for, with a number in place of each value."""
    for path in sorted((ROOT / "jukinet_sim" / "serve").glob("*.py")):
        if path.name == "server.py":  # it refuses to begin, on a terminal
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("UsageError", "Changed", "refusal"):
                for part in ast.walk(node.args[0]):
                    parts = part.values if isinstance(part, ast.JoinedStr) else ()
                    text = "".join(str(one.value) if isinstance(one, ast.Constant) else "7" for one in parts)
                    if " " in text:  # how a number is written is a text of its own
                        yield text
                if isinstance(node.args[0], ast.Constant):
                    yield node.args[0].value


def test_every_refusal_is_in_both_languages() -> None:
    """What the server does not do it says in the language of the reader."""
    said = [text for text in refusals() if text != "7: 7; load it again, or save under another name"]
    said += [f"7: {what}; load it again, or save under another name" for what in ("there is a file of this name already",)]
    said += ["7: the file has changed on disk; load it again, or save under another name"]
    assert len(said) > 20
    assert [text for text in said if not re.search("[ぁ-ん]", refusal(text)["ja"])] == []


def test_the_child_is_the_run_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a server runs is what the command runs: the same folder, so that nothing is computed twice."""
    stored = child.carry_out(load(folder / "desk.yaml"), folder / "runs")
    assert isinstance(stored, StoredRun)
    capsys.readouterr()
    assert main(["run", str(folder / "desk.yaml"), "--out", str(folder / "runs"), "--json", "--jobs", "1"]) == 0
    assert "all replications were kept from an earlier run" in capsys.readouterr().err
    assert os.listdir(folder / "runs" / "desk") == [stored.folder.name]
