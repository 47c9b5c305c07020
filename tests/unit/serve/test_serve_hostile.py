"""What comes from elsewhere and means harm, or has just gone: it does nothing, and hides nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from jukinet_sim.cli.app import main
from jukinet_sim.results.store import MANIFEST, count_finished
from jukinet_sim.serve import jobs
from jukinet_sim.serve.app import make_app
from jukinet_sim.serve.files import Folder

ROOT = Path(__file__).resolve().parents[3]
OURS = {"X-Jukinet": "1"}
TOKEN = "abcdefgh1"
AT_MOST_S = 120.0
SCENARIO = """scenario: {name}
title: "<script>alert(1)</script> {{{{7*7}}}}"
run: {{horizon: {horizon}, replications: {replications}, seed: {seed}, engine: reference}}
network:
  stations:
    desk: {{servers: {servers}}}
  flows:
    visitor:
      arrivals: {{poisson: 1 /s}}
      route:
        - {{visit: desk, demand: {{exponential: 1 s}}}}
"""


def written(folder: Path, name: str, *, servers: int = 2, seed: int = 1, horizon: str = "200 s", replications: int = 3) -> Path:
    """A scenario file of two or more servers at a desk."""
    path = folder / f"{name}.yaml"
    text = SCENARIO.format(name=name, servers=servers, seed=seed, horizon=horizon, replications=replications)
    path.write_text(text)
    return path


def run_of(folder: Path, path: Path) -> str:
    """Run a scenario and return the name of the run."""
    assert main(["run", str(path), "--out", str(folder / "runs"), "--quiet", "--jobs", "1"]) == 0
    (kept,) = (folder / "runs" / path.stem).glob("*")
    return f"{kept.parent.name}/{kept.name}"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """Somebody who asks a server on loopback."""
    app = make_app(tmp_path, tmp_path / "runs", language="en", hosts=frozenset({"127.0.0.1"}))
    with TestClient(app, base_url="http://127.0.0.1:1", headers=OURS) as found:  # type: ignore[arg-type]
        yield found


def test_a_report_that_lies_is_shut_in(client: TestClient, tmp_path: Path) -> None:
    """A page that somebody has put in the place of a report has no origin and reaches nothing; a link is not followed."""
    name = run_of(tmp_path, written(tmp_path, "desk"))
    page = tmp_path / "runs" / name / "report.html"
    page.write_text("<script>fetch('/api/stop')</script>")
    os.utime(page, (time.time() + 60, time.time() + 60))
    policy = client.get(f"/report/{name}").headers["content-security-policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert rules["sandbox"] == "allow-scripts allow-downloads"
    assert rules["default-src"] == "'none'"
    assert not {"connect-src", "frame-src", "form-action"} & rules.keys()
    (tmp_path / "secret").write_text("secret: true")
    page.unlink()
    page.symlink_to(tmp_path / "secret")
    answer = client.get(f"/report/{name}")
    assert (answer.status_code, "secret: true" in answer.text, "is a link" in answer.text) == (404, False, True)


def test_the_scenarios_of_two_runs_differ_as_diff_says(client: TestClient, tmp_path: Path) -> None:
    """Of runs with other seeds no figures are compared, which is said, and how their scenarios differ is shown all the same."""
    few = run_of(tmp_path, written(tmp_path, "few", servers=2, seed=1))
    many = run_of(tmp_path, written(tmp_path, "many", servers=37, seed=2))
    page = client.get("/compare", params={"a": few, "b": many})
    assert page.status_code == 200
    assert "only runs with the same seed are compared" in page.text
    assert "network.stations.desk.servers" in page.text
    assert "37" in page.text
    assert "<script>alert" not in page.text


def test_a_scenario_names_no_file_outside(client: TestClient, tmp_path: Path) -> None:
    """Bases and tables of data outside of the folder are refused as `validate` refuses them, with the line."""
    text = written(tmp_path, "desk").read_text()
    for line, wrong in (
        (1, text.replace("scenario: desk", "extends: ../../etc/base.yaml")),
        (9, text.replace("{poisson: 1 /s}", "{times: ../../../../../../../etc/passwd}")),
    ):
        found = client.post("/api/check", json={"file": "desk.yaml", "in": "", "text": wrong}).json()
        assert not found["valid"], wrong
        assert line in [fault["line"] for fault in found["faults"]], found["faults"]
        assert "root:" not in str(found)


@pytest.mark.parametrize("body", [b"9" * 5000, b"\xff", b"nonsense", b"[]", b'{"file": 3}', b'{"file": "\\ud800.yaml"}'])
def test_what_is_no_request_is_refused_in_words(client: TestClient, body: bytes) -> None:
    """Neither numbers without end nor halves of characters end in anything but a sentence."""
    answer = client.post("/api/check", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_file_that_has_just_gone_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list goes on where one file cannot be read."""
    written(tmp_path, "desk")
    monkeypatch.setattr(Folder, "_names", lambda _: iter(["gone.yaml", "desk.yaml"]))
    assert [(one.name, bool(one.title)) for one in Folder(tmp_path).listed()] == [("gone.yaml", False), ("desk.yaml", True)]


def test_a_token_is_known_among_cookies_of_others_and_from_programs(tmp_path: Path) -> None:
    """Badly written cookies of other servers hide ours not; a program shows the token in a header."""
    app = make_app(tmp_path, tmp_path / "runs", language="en", hosts=None, token=TOKEN)
    with TestClient(app, base_url="http://host:1") as client:  # type: ignore[arg-type]
        assert client.get("/", headers={"Cookie": f'a=[b c]"; =; {{x}}; jukinet={TOKEN}'}).status_code == 200
        assert client.get("/", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
        assert client.get("/", headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert client.get("/", headers={"Cookie": "jukinet=wrong"}).status_code == 401
        assert client.get("/", headers={"Cookie": "jukinet="}).status_code == 401


def test_a_process_that_says_too_much_ends(client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is longer than any of ours ends the run, so that the next one may begin."""
    program = tmp_path / "program"
    program.write_text(f"#!{sys.executable}\nimport time\nprint('x' * 2**22, flush=True)\ntime.sleep(60)\n")
    program.chmod(0o700)
    written(tmp_path, "desk")
    begun = time.monotonic()
    with monkeypatch.context() as patch:
        patch.setattr(jobs.sys, "executable", str(program))
        job = client.post("/api/run", json={"file": "desk.yaml", "in": ""}).json()["job"]
    told = client.get(f"/job/{job}/events").text
    assert '"kind": "failed"' in told
    assert told.endswith("event: end\ndata: {}\n\n")
    assert time.monotonic() - begun < 30.0


def test_without_its_libraries_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence with the extra's name, and no traceback."""
    monkeypatch.setitem(sys.modules, "starlette", None)
    assert main(["serve"]) == 2
    assert "starlette is not installed; pip install 'jukinet-sim[serve]'" in capsys.readouterr().err


def test_the_end_of_the_server_ends_its_run_and_keeps_what_is_finished(tmp_path: Path) -> None:
    """Ctrl-C while a run goes on and somebody watches: both processes end, and finished replications are kept."""
    written(tmp_path, "endless", horizon="2000 s", replications=4000)
    command = [sys.executable, "-m", "jukinet_sim", "serve", "--port", "0", "--out", str(tmp_path / "runs"), str(tmp_path)]
    own = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=own)
    try:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        with httpx2.Client(base_url=address, headers=OURS, timeout=60.0) as client:
            job = client.post("api/run", json={"file": "endless.yaml", "in": ""}).json()["job"]
            with client.stream("GET", f"job/{job}/events") as watched:
                assert any('"settled"' in line for line in watched.iter_lines())
                server.send_signal(signal.SIGINT)
                _, said = server.communicate(timeout=60)
    finally:
        server.kill()
        server.communicate()
    first, last = said.strip().splitlines()
    assert first.startswith("serving;")
    assert last.startswith("exit 130: interrupted")
    (kept,) = (tmp_path / "runs" / "endless").glob("*")
    assert (kept / MANIFEST).is_file()
    number = count_finished(kept)
    assert 0 < number < 4000
    time.sleep(0.5)
    assert count_finished(kept) == number
    assert main(["show", str(kept), "--json"]) in (0, 130)
