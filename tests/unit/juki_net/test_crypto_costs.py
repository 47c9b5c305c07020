"""Suites in the simulation: every message is paid for once, where the work is done; lines carry its bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.crypto.cards import card
from jukinet_sim.crypto.exchanges import Message, Session
from jukinet_sim.crypto.suites import suite, suites
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.juki_net.crypto.bill import added_bytes, needs_private_key
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.shipped import shipped_folder

KIB = 1024
TINY = shipped_folder() / "tiny.yaml"
ALL = [one.name for one in suites()]
SOFTWARE = "cards: {server: xeon-2012, hsm: xeon-2012}"
"""A module that knows every algorithm: those of 2012 know RSA alone."""


def network(crypto: str | None = None, *more: str) -> M.Network:
    """The tiny nation with a suite, or none."""
    sets = [] if crypto is None else [f"juki_net.crypto={{{crypto}}}"]
    return compile_network(load(TINY, sets=[*sets, *more]))


def flow(of: M.Network, name: str) -> M.Flow:
    """A flow by name."""
    return next(flow for flow in of.flows if flow.name == name)


def visits(of: M.Flow) -> Iterator[M.Visit]:
    """Every visit of its route."""
    return (step for step in M.all_steps(of.route) if isinstance(step, M.Visit))


def mean_s(visit: M.Visit) -> float:
    """The mean demand of a visit, of a job with one record in hand where it is none of a file."""
    drawn_s = sum((part.value.mean - part.less) * part.scale_s for part in visit.parts)
    return visit.demand.mean + drawn_s + (visit.per_record_s if visit.station != "national_hsm" else 0.0)


def work_s(of: M.Flow, stations: Sequence[str]) -> float:
    """Mean demand of a route at some stations."""
    return sum(mean_s(visit) for visit in visits(of) if visit.station in stations)


def content(stated: int) -> int:
    """What a message carries, whose stated size holds what today's suite adds."""
    return max(0, round(stated - added_bytes(suite("today"), stated)))


MESSAGES = {
    # An update goes up two hops; each is acknowledged.
    "updates.per_event": [2 * KIB, 256, 2 * KIB, 256],
    "query-by-name": [KIB, 2 * KIB],
    "query-by-address": [KIB, 2 * KIB],
    "query-prefecture": [KIB, 2 * KIB],
    "transfer-notice": [2 * KIB, 256],
    "simplified-move": [KIB, 2 * KIB],
    "certificate-issue": [2 * KIB, 2 * KIB],
    # Two hops again; the CS has done nothing else for it, and is visited for that.
    "card-status": [KIB, 256, KIB, 256],
}
"""Stated sizes of the messages of a flow in fy2012.yaml."""
SERVERS = ("cs", "prefecture_server", "national_database", "certificate_authority")
MODULES = ("prefecture_hsm", "national_hsm")


@pytest.mark.parametrize("name", ALL)
def test_every_message_is_paid_for_once(name: str) -> None:
    """What a suite adds to servers and modules of a route is what its steps cost on the cards: both sides of each message."""
    plain, with_suite, chosen, server = network(), network(f"suite: {name}, {SOFTWARE}"), suite(name), card("xeon-2012")
    for flow_name, sizes in MESSAGES.items():
        steps = [step for size in sizes for step in chosen.steps(Message(content(size)))]
        expected = server.total_s(steps)
        before, after = flow(plain, flow_name), flow(with_suite, flow_name)
        found = work_s(after, (*SERVERS, *MODULES)) - work_s(before, SERVERS)
        assert found == pytest.approx(expected, rel=1e-9), flow_name


def test_private_keys_stay_in_modules() -> None:
    """A prefecture that acknowledges an update and forwards it signs twice, the nation once, at the published rate."""
    (up,) = [flow(network("suite: today"), "updates.per_event")]
    sign_s = card("hsm-2012").cost("rsa-1024.sign").mean_s()
    assert sign_s == pytest.approx(1.0 / 794.0, rel=1e-4)
    assert work_s(up, ["prefecture_hsm"]) == pytest.approx(2.0 * sign_s, rel=1e-9)
    assert work_s(up, ["national_hsm"]) == pytest.approx(sign_s, rel=1e-9)


@pytest.mark.parametrize(
    ("operation", "inside"),
    [("rsa-1024.sign", True), ("mldsa65.sign", True), ("rsa-2048.decrypt", True), ("3tdea.decrypt", False),
     ("rsa-2048.verify", False), ("mlkem768.decapsulate", False), ("p256.derive", False)],
)  # fmt: skip
def test_what_needs_a_long_term_key(operation: str, *, inside: bool) -> None:
    """Signing, and opening what was encrypted to an RSA key; keys of one session are made and used outside."""
    assert needs_private_key(operation) is inside


def test_lines_carry_what_the_suite_adds() -> None:
    """A stated size holds today's bytes: with today's suite nothing changes but padding, with another the rest travels."""
    plain, today, target = network(), network("suite: today"), network("suite: target")
    bits_per_s = 1.5e6
    more = added_bytes(suite("target"), content(2 * KIB)) - added_bytes(suite("today"), content(2 * KIB))
    sent = [work_s(flow(one, "updates.per_event"), ["cs_line"]) for one in (plain, today, target)]
    block_s = 16 * 8.0 / bits_per_s
    assert sent[1] == pytest.approx(sent[0], abs=block_s)
    assert sent[2] - sent[1] == pytest.approx(more * 8.0 / bits_per_s, abs=block_s)
    assert more > 100


def test_what_a_suite_does_not_touch_keeps_its_random_numbers() -> None:
    """A flow without messages runs bit by bit as without a suite, and with any suite steps keep the names they draw by."""
    plain, with_suite = network(), network("suite: target")
    for name in ("kiosk.resident", "card-issue"):
        assert list(visits(flow(plain, name))) == list(visits(flow(with_suite, name)))
    before = {visit.label for visit in visits(flow(plain, "query-by-name"))}
    assert before <= {visit.label for visit in visits(flow(with_suite, "query-by-name"))}


def test_random_signing_times_are_drawn() -> None:
    """An ML-DSA signature brings a geometric part to the visit that makes it, with the card's mean number of tries."""
    made = flow(network(f"suite: mlkem768-mldsa65, {SOFTWARE}"), "query-by-name")
    (hsm,) = [visit for visit in visits(made) if visit.station == "national_hsm"]
    (part,) = [part for part in hsm.parts if part.value.kind == "geometric"]
    cost = card("xeon-2012").cost("mldsa65.sign")
    assert (part.value.mean, part.scale_s, part.less) == pytest.approx((cost.geometric_mean, cost.geometric_s, 1.0))
    assert cost.geometric_mean > 3.0


@pytest.mark.parametrize("granularity", ["record", "file"])
def test_signatures_by_record_or_by_file(granularity: str) -> None:
    """Each record of a lot takes one signature of the module, or the file one in all, after its last lot."""
    made = flow(network(f"suite: target, granularity: {granularity}"), "provision.national-pension")
    (loop,) = [step for step in made.route if isinstance(step, M.Loop)]
    inside = [step for step in loop.body if isinstance(step, M.Visit) and step.station == "national_hsm"]
    after = [step for step in made.route if isinstance(step, M.Visit) and step.station == "national_hsm"]
    sign_s = card("hsm-2012").cost("rsa-2048.sign").mean_s()
    if granularity == "record":
        (visit,) = inside
        assert visit.per_record_s == pytest.approx(sign_s, rel=1e-3)  # keys that have protected enough bytes add a little
        assert not after
    else:
        (visit,) = after
        assert mean_s(visit) == pytest.approx(sign_s, rel=1e-9)
        assert all(one.per_record_s < 1e-4 * sign_s for one in inside)


@pytest.mark.parametrize(
    ("crypto", "message"),
    [
        ("suite: tody", 'there is no suite "tody"; did you mean "today"?'),
        ("suite: today, stated_with: x1", 'there is no suite "x1"'),
        ("suite: today, cards: {hsm: hms-2012}", 'there is no cost card "hms-2012"'),
        ("suite: p256-aes128gcm", "lacks ecdsa-p256.sign; write xeon-2012, whose machines can do it"),
        ("suite: today, sessions: {lifetime: 1 ms}", "are too short for a run of"),
        ("suite: today, migration: {to: today, waves: [{tier: nation, generates_on: 2012-04-02}]}", "is what all have already"),
        ("suite: today, migration: {to: x1, waves: [{tier: nation, generates_on: 2012-04-02}]}", 'there is no suite "x1"'),
    ],
)
def test_names_that_nothing_bears(crypto: str, message: str) -> None:
    """The file and the key are named, and what to write instead."""
    with pytest.raises(ScenarioError) as caught:
        network(crypto)
    assert message in str(caught.value)
    assert "juki_net.crypto" in str(caught.value)


def test_sessions_are_opened_once_in_a_lifetime() -> None:
    """Of the twelve towns none opens more than one session with its prefecture in a day, and who sends an update opens one."""
    made = network("suite: today, sessions: {lifetime: 24 h}", "run.drain=true")
    program = compile_program(made)
    run = conduct(make_engine("fast", program, 1, 0), program, 0)
    towns = made.level("municipality").count
    number = [flow.name for flow in made.flows].index("session.cs-prefecture")
    opened = int(run.flow_counts["arrived"][number])
    assert 1 <= opened <= towns
    shorter = compile_program(network("suite: today, sessions: {lifetime: 1 h}", "run.drain=true"))
    again = conduct(make_engine("fast", shorter, 1, 0), shorter, 0)
    assert int(again.flow_counts["arrived"][number]) > opened


def test_a_handshake_costs_what_its_steps_cost() -> None:
    """The visits that open a session add up to both sides of it, and its bytes to the flights of the client."""
    made = flow(network(f"suite: target, {SOFTWARE}, sessions: {{lifetime: 24 h}}"), "updates.per_event")
    labelled = [(visit.label or "", visit) for visit in visits(made)]
    # The visit at which an open session leads on is the message's own.
    opening = [one for label, one in labelled if label.startswith("session.cs-prefecture") and not label.endswith(".open")]
    chosen = suite("target")
    worked = sum(mean_s(visit) for visit in opening if visit.station != "cs_line")
    assert worked == pytest.approx(card("xeon-2012").total_s(chosen.steps(Session())), rel=1e-9)
    (line,) = [visit for visit in opening if visit.station == "cs_line"]
    sent = [(f.least_bytes + f.most_bytes) / 2.0 for f in chosen.wire(Session()) if f.side == "client"]
    assert mean_s(line) == pytest.approx(sum(sent) * 8.0 / 1.5e6, rel=1e-9)


def test_connections_are_limited() -> None:
    """With three connections at one centre no more than three sessions are open at a time, and others wait."""
    made = network(
        "suite: today, sessions: {lifetime: 6 h, connections: 3}", "juki_net.prefecture.hsm.per=nation", "run.drain=true"
    )
    (pool,) = [pool for pool in made.pools if pool.name == "prefecture_hsm_connections"]
    assert (pool.tokens, pool.per) == (3, None)
    for engine in ("fast", "reference"):
        program = compile_program(replace(made, drain=False))
        run = conduct(make_engine(engine, program, 1, 0), program, 0)  # type: ignore[arg-type]  # both names are engines
        assert run.complete


@pytest.mark.parametrize("connections", [1, 3])
def test_a_connection_is_held_until_the_next_renewal(connections: int) -> None:
    """Of a day with a renewal every six hours no more sessions are opened than four times the connections there are."""
    made = network(
        f"suite: today, sessions: {{lifetime: 6 h, connections: {connections}}}", "juki_net.prefecture.hsm.per=nation"
    )
    program = compile_program(replace(made, drain=False))
    run = conduct(make_engine("fast", program, 1, 0), program, 0)
    opened = [run.flow_counts["arrived"][i] for i, one in enumerate(made.flows) if one.name.startswith("session.cs-prefecture")]
    held = sum(count for count, one in zip(opened, _sessions(made), strict=True) if ".held" in one.name)
    assert 0 < held <= 4 * connections
    assert held == sum(opened) - held


def _sessions(made: M.Network) -> list[M.Flow]:
    return [one for one in made.flows if one.name.startswith("session.cs-prefecture")]


def own(route: str) -> M.Flow:
    """A flow of one's own in the tiny nation with the target suite."""
    mine = f"{{per_year: {{value: 1000000, assumed: ours, range: [1, 2000000]}}, route: {route}}}"
    return flow(network("suite: target", f"juki_net.flows.mine={mine}"), "mine")


def test_a_message_in_a_loop_is_signed_by_the_module_too() -> None:
    """Round by round: a loop of three has three times the work of its messages, at the machines that would do it outside."""
    ask = "{pass: cs}, {send: cs-to-nation, message: request}, {pass: national_database}"
    reply = "{send: nation-to-cs, message: reply}"
    flat, looped = own(f"[{ask}, {reply}]"), own(f"[{ask}, {{loop: 3, of: [{reply}]}}]")
    sign_s = card("hsm-2012").cost("rsa-2048.sign").mean_s()
    assert work_s(flat, ["national_hsm"]) == pytest.approx(sign_s, rel=1e-9)
    (loop,) = [step for step in looped.route if isinstance(step, M.Loop)]
    inside = [visit for visit in loop.body if isinstance(visit, M.Visit) and visit.station == "national_hsm"]
    assert [mean_s(visit) + visit.per_record_s for visit in inside] == pytest.approx([sign_s], rel=1e-9)


@pytest.mark.parametrize("lifetime", ["1 h", "5 h", "24 h"])
def test_a_run_is_drained_of_those_who_wait_for_a_connection(lifetime: str) -> None:
    """However few there are, whoever gets a connection after the last renewal gives it back, and the run comes to its end."""
    made = network(f"suite: today, sessions: {{lifetime: {lifetime}, connections: 1}}", "juki_net.prefecture.hsm.per=nation")
    program = compile_program(replace(made, drain=True))
    run = conduct(make_engine("fast", program, 1, 0), program, 0)
    assert run.complete
    ended = sum(int(run.flow_counts[name].sum()) for name in ("completed", "lost", "abandoned"))
    assert ended == int(run.flow_counts["arrived"].sum())
