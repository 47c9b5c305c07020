"""Policies: what is said at a date, generating and verifying apart, and files that are wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from jukinet_sim.base.errors import ScenarioError, UsageError
from jukinet_sim.crypto.policies import authorities, registered, status
from jukinet_sim.crypto.policy.rows import STATUSES, USES, read_rows
from jukinet_sim.crypto.policy.shipped import shipped
from jukinet_sim.crypto.policy.uses import uses
from jukinet_sim.crypto.suites import suite, suites

HEADER = "authority,algorithm,parameters,use,from,to,status,source\n"


@pytest.mark.parametrize(
    ("name", "authority", "day", "generates", "verifies"),
    [
        ("today", "guideline-2012", "2014-09-20", "acceptable", "acceptable"),
        ("today", "guideline-2012", "2014-09-21", "disallowed", "acceptable"),
        ("today", "guideline-2012", "2016-03-31", "disallowed", "acceptable"),
        ("today", "guideline-2012", "2016-04-01", "disallowed", "legacy"),
        ("today", "guideline-2012", "2020-04-01", "disallowed", "disallowed"),
        ("target", "guideline-2012", "2016-04-01", "acceptable", "acceptable"),
        ("today", "nist", "2013-12-31", "deprecated", "legacy"),
        ("today", "nist", "2014-01-01", "disallowed", "legacy"),
        ("target", "nist", "2014-01-01", "acceptable", "acceptable"),
        ("target", "nist", "2031-01-01", "deprecated", "deprecated"),
        ("p256-aes128gcm", "nist", "2035-12-31", "acceptable", "acceptable"),
        ("p256-aes128gcm", "nist", "2036-01-01", "disallowed", "disallowed"),
        ("mlkem768-mldsa65", "nist", "2024-08-12", "not listed", "not listed"),
        ("mlkem768-mldsa65", "nist", "2036-01-01", "acceptable", "acceptable"),
        ("rsa2048-sha256-camellia128cbc", "cryptrec", "2014-01-01", "acceptable", "acceptable"),
        ("rsa2048-sha256-camellia128cbc", "nist", "2014-01-01", "not listed", "not listed"),
        ("today", "cryptrec", "2013-02-28", "acceptable", "acceptable"),
        ("today", "cryptrec", "2013-03-01", "legacy", "legacy"),
    ],
)
def test_verdicts(name: str, authority: str, day: str, generates: str, verifies: str) -> None:
    """Each authority says what its publications say, from the day on that they name."""
    found = status(suite(name), dt.date.fromisoformat(day), authority)
    assert (found.generates, found.verifies) == (generates, verifies)


def test_archives_stay_readable() -> None:
    """Verifying and decrypting is never worse than generating: otherwise what was migrated could not be read."""
    for one in suites():
        for authority in authorities():
            for year in range(2003, 2041):
                found = status(one, dt.date(year, 6, 30), authority)
                ranks = [STATUSES.index(word) if word in STATUSES else -1 for word in (found.generates, found.verifies)]
                assert ranks[1] <= ranks[0] or {found.generates, found.verifies} == {"deprecated", "legacy"}, found


def test_hybrids_by_their_best_part() -> None:
    """A hybrid is acceptable as long as one of its parts is: on 2036-01-01 by ML-DSA and ML-KEM, in 2014 not for its keys."""
    hybrid = suite("hybrid-mldsa65")
    assert status(hybrid, dt.date(2036, 1, 1), "nist").generates == "acceptable"
    early = status(hybrid, dt.date(2014, 1, 1), "nist")
    signing = {finding.use.algorithm: finding.status for finding in early.findings if finding.use.use == "sign"}
    assert signing == {"ecdsa": "acceptable", "hash": "acceptable", "ml-dsa": "not listed"}
    assert early.verifies == "acceptable"


def test_no_two_rows_at_once() -> None:
    """On no day do two rows of an authority speak of the same use, the catch-all apart."""
    day, rows = dt.date(2003, 1, 1), read_rows(shipped())
    asked = {(use.algorithm, use.parameter, use.use) for one in suites() for use in uses(one)}
    while day < dt.date(2040, 1, 1):
        for authority in ("nist", "cryptrec", "guideline-2012"):
            for use in asked:
                found = [row for row in rows if row.authority == authority and "*" not in row.algorithms
                         and row.speaks_of(*use) and row.holds_on(day)]  # fmt: skip
                assert len(found) <= 1, (day, use, found)
        day += dt.timedelta(days=92)


def test_every_row_has_a_source() -> None:
    """Every row names a publication, and only known uses and statuses."""
    rows = read_rows(shipped())
    assert len(rows) > 50
    assert all(row.source and set(row.uses) <= {*USES, "*"} and row.status in STATUSES for row in rows)


def test_unknown_authority() -> None:
    """An unknown authority is refused with the nearest name."""
    with pytest.raises(UsageError, match='there is no policy "nistt"; did you mean "nist"'):
        status(suite("today"), dt.date(2014, 1, 1), "nistt")
    assert registered().refused == ()


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Every fault of a file is shown with its line and cure."""
    path = tmp_path / "policy.csv"
    lines = [
        "house,rsa,1024,sing,,,acceptable,x", "house,rsa,1024,sign,2014-13-01,,acceptable,x",
        "house,rsa,1024,sign,,,fine,x", "house,rsa,>=2k,sign,,,acceptable,x", "house,rsa,1024,sign,,,acceptable,",
        "house,rsa", "house,rsa,1024,sign,2015-01-01,2014-01-01,acceptable,x",
    ]  # fmt: skip
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_rows(path)
    shown = str(caught.value)
    assert len(caught.value.faults) == len(lines)
    for line, words in enumerate(
        ('use "sing"; did you mean "sign"', '"2014-13-01" is no date', 'no status "fine"', '">=2k" is no bound',
         "source is empty", "there are 2 columns", "it ends on 2014-01-01, before it begins"), start=2,
    ):  # fmt: skip
        assert words in shown
        assert f"policy.csv:{line}:1" in shown


def test_wrong_header(tmp_path: Path) -> None:
    """A file without the right columns is refused with them."""
    path = tmp_path / "policy.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="write authority,algorithm,parameters,use,from,to,status,source"):
        read_rows(path)
