"""Nothing secret leaves a self-test: no file is written, and neither its output nor any object's text shows a key."""

from __future__ import annotations

import json
from pathlib import Path

from cli_runner import python

from jukinet_sim.crypto.costs.this_host import kept_file
from jukinet_sim.crypto.exchanges import Message, Session
from jukinet_sim.crypto.running.rig import Rig

_TRACED = """
import sys, json, os
from jukinet_sim.cli.app import main
written, secrets = [], set()
def watch(event, arguments):
    if event == "open":
        path, mode, flags = arguments
        by_flags = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
        if by_flags or (isinstance(mode, str) and set(mode) & set("wax+")):
            written.append(str(path))
sys.dont_write_bytecode = True
import jukinet_sim.crypto.digests as digests, jukinet_sim.crypto.entropy as entropy
import jukinet_sim.crypto.running.keys as keys, jukinet_sim.crypto.conforming.records as records
derive, fresh = keys.derived, records.fresh
def spied(*arguments):
    found = derive(*arguments); secrets.add(found[:16].hex()); secrets.add(found[-16:].hex()); return found
def spied_fresh(size):
    found = fresh(size); secrets.add(found[:16].hex()) if size >= 16 else None; return found
keys.derived, records.fresh = spied, spied_fresh
sys.addaudithook(watch)
code = main(["crypto", "selftest", "p256-aes128gcm", "today", *sys.argv[1:]])
print(json.dumps({"written": written, "secrets": sorted(secrets), "code": code}), file=sys.stderr)
"""


def test_selftest_tells_and_writes_nothing(tmp_path: Path) -> None:
    """A self-test opens no file to write to; no derived key and no plaintext is in what it prints."""
    done = python(_TRACED, "--json", folder=tmp_path)
    *lines, last = done.stderr.splitlines()
    seen = json.loads(last)
    assert seen["code"] == 0
    assert [path for path in seen["written"] if path != "/dev/null"] == []
    assert len(seen["secrets"]) > 20
    shown = done.stdout + "\n".join(lines)
    assert not any(secret in shown for secret in seen["secrets"])
    assert list(tmp_path.iterdir()) == []
    assert "PRIVATE" not in shown


def test_texts_show_no_keys(elliptic: Rig) -> None:
    """What holds a key shows none when it is printed, as in an error message or a log."""
    elliptic.carry_out(Message(64))
    elliptic.carry_out(Session())
    opened, branch = elliptic.opened, elliptic.hierarchy.branches[0]
    for holder in (elliptic.client, branch.authority, opened, opened.client, opened.ticket, elliptic.party("client")):
        text = repr(holder)
        assert len(text) < 120
        assert "Key" not in text.replace("SessionKeys", "")
    assert opened.ticket.secret.hex() not in repr(opened.ticket)
    assert str(opened.ticket.secret) not in repr(opened.ticket)


def test_the_measured_card_is_kept_outside_the_package() -> None:
    """What is measured here goes to the user's cache, never into the package."""
    assert "jukinet-sim" in kept_file().parts
    assert not kept_file().is_relative_to(Path(__file__).parents[3] / "jukinet_sim")
