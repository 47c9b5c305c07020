"""Queues that lose jobs: birth-death chains, M/M/c/K, M/G/c/c, Erlang A and retrials at their points and limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import simpson

from jukinet_sim.theory import queues
from jukinet_sim.theory.abandonment import erlang_a
from jukinet_sim.theory.loss import birth_death, mgcc_loss, mmck
from jukinet_sim.theory.retrial import orbit_mean_number, refused_fraction


def test_birth_death_balances() -> None:
    """Across every cut the flow up equals the flow down, and the law adds up to one."""
    births, deaths = np.array([3.0, 2.0, 0.5]), np.array([1.0, 4.0, 2.5])
    law = birth_death(births, deaths)
    assert law[:-1] * births == pytest.approx(law[1:] * deaths, rel=1e-12)
    assert law.sum() == pytest.approx(1.0, rel=1e-12)


def test_birth_death_far_beyond_the_range_of_factorials() -> None:
    """A chain of 3,000 states with births at 1,000 is Poisson, whose mean is 1,000 and whose variance is 1,000."""
    law = birth_death(np.full(3000, 1000.0), np.arange(1.0, 3001.0))
    number = np.arange(3001)
    mean = float(np.dot(law, number))
    assert mean == pytest.approx(1000.0, rel=1e-9)
    assert float(np.dot(law, (number - mean) ** 2)) == pytest.approx(1000.0, rel=1e-9)


def test_birth_death_without_births_stays_at_zero() -> None:
    """A chain that nothing drives up is always empty."""
    assert birth_death(np.zeros(2), np.ones(2)).tolist() == [1.0, 0.0, 0.0]


def test_mmck_points() -> None:
    """M/M/5/12 at load 2 and M/M/1/10 at load 1.2 take their tabulated values."""
    roomy, tight = mmck(8.0, 0.25, 5, 12), mmck(1.2, 1.0, 1, 10)
    assert roomy.probabilities[0] == pytest.approx(0.1343336, abs=1e-7)
    assert roomy.loss_fraction == pytest.approx(5.869e-5, abs=1e-8)
    assert roomy.mean_number == pytest.approx(2.039346, abs=1e-6)
    assert tight.loss_fraction == pytest.approx(0.1925865, abs=1e-7)
    assert tight.mean_number == pytest.approx(6.710709, abs=1e-6)


def test_mm1k_geometric_law() -> None:
    """The number in M/M/1/K is a geometric law cut off at K."""
    rho, k = 0.7, 4
    expected = (1.0 - rho) * rho ** np.arange(k + 1) / (1.0 - rho ** (k + 1))
    assert mmck(0.35, 2.0, 1, k).probabilities == pytest.approx(expected, rel=1e-12)


def test_mmck_conserves_work_and_obeys_little() -> None:
    """Busy servers are the accepted load, and the number is the accepted rate times the time in the system."""
    queue = mmck(5.0, 0.7, 3, 8)
    accepted = 5.0 * (1.0 - queue.loss_fraction)
    assert queue.utilisation == pytest.approx(accepted * 0.7 / 3, rel=1e-12)
    assert queue.mean_number == pytest.approx(accepted * (queue.mean_wait_s + 0.7), rel=1e-12)


def test_mmck_with_much_room_is_mmc() -> None:
    """Without a limit that is ever met nothing is lost and waits are those of M/M/c."""
    queue = mmck(4.0, 1.0, 5, 400)
    assert queue.loss_fraction < 1e-30
    assert queue.mean_wait_s == pytest.approx(queues.mmc_mean_wait(4.0, 1.0, 5), rel=1e-10)


@pytest.mark.parametrize(("load", "servers"), [(3.0, 5), (10.0, 10), (0.4, 1)])
def test_mmck_without_room_is_erlang_b(load: float, servers: int) -> None:
    """With as many places as servers the loss is Erlang B, which M/M/1/1 gives as a / (1 + a)."""
    assert mmck(load, 1.0, servers, servers).loss_fraction == pytest.approx(mgcc_loss(load, 1.0, servers), rel=1e-12)
    assert mgcc_loss(load, 1.0, 1) == pytest.approx(load / (1.0 + load), rel=1e-12)


def test_mmck_needs_a_place_for_each_server() -> None:
    """A capacity below the servers raises an error that says what to give."""
    with pytest.raises(ValueError, match="give at least 3"):
        mmck(1.0, 1.0, 3, 2)


def test_erlang_a_point() -> None:
    """48 calls a minute, 50 agents, calls of a minute and patience of two take the tabulated values."""
    queue = erlang_a(48.0, 1.0, 50, 2.0)
    assert queue.wait_fraction == pytest.approx(0.4677741, abs=1e-7)
    assert queue.abandon_fraction == pytest.approx(0.03091225, abs=1e-8)
    assert queue.mean_wait_s == pytest.approx(0.0618245, abs=1e-7)
    assert queue.utilisation == pytest.approx(0.9303242, abs=1e-7)


def test_call_centre_case() -> None:
    """In seconds the same case waits 3.71 s, of those served 3.62 s, at most 12.44 s for nine in ten, with 2.97 waiting."""
    queue = erlang_a(48.0 / 60.0, 60.0, 50, 120.0)
    assert queue.mean_wait_s == pytest.approx(3.71, abs=0.005)
    assert queue.mean_wait_served_s == pytest.approx(3.62, abs=0.005)
    assert queue.quantile(0.9) == pytest.approx(12.44, abs=0.005)
    assert queue.queue_length == pytest.approx(2.97, abs=0.005)


def test_erlang_a_of_endless_patience_is_erlang_c() -> None:
    """As patience grows every figure approaches that of M/M/c."""
    queue = erlang_a(4.0, 1.0, 5, 1e8)
    assert queue.wait_fraction == pytest.approx(queues.erlang_c(4.0, 5), rel=1e-6)
    assert queue.mean_wait_s == pytest.approx(queues.mmc_mean_wait(4.0, 1.0, 5), rel=1e-6)
    assert queue.quantile(0.95) == pytest.approx(queues.mmc_wait_quantile(4.0, 1.0, 5, 0.95), rel=1e-6)
    assert queue.abandon_fraction < 1e-7


def test_erlang_a_of_no_patience_is_erlang_b() -> None:
    """As patience shrinks the share that gives up approaches the loss of M/M/c/c."""
    assert erlang_a(3.0, 1.0, 5, 1e-9).abandon_fraction == pytest.approx(queues.erlang_b(3.0, 5), rel=1e-6)


def test_erlang_a_of_patience_like_service_is_poisson() -> None:
    """With patience as long as service every job leaves at one rate, so the number is Poisson with the load as its mean."""
    queue, load, servers = erlang_a(6.0, 1.0, 4, 1.0), 6.0, 4
    law = [math.exp(-load) * load**n / math.factorial(n) for n in range(60)]
    assert queue.wait_fraction == pytest.approx(sum(law[servers:]), rel=1e-12)
    assert queue.queue_length == pytest.approx(sum((n - servers) * law[n] for n in range(servers, 60)), rel=1e-12)


def test_erlang_a_tail_integrates_to_the_mean() -> None:
    """The area below the tail of all waits is their mean, which counts states instead of waits.

    That mean is also the wait of the served and of those who gave up, for whom it is the area of t theta P(V > t).
    """
    queue = erlang_a(7.0, 1.0, 5, 3.0)
    t = np.linspace(0.0, 60.0, 1201)
    tail = np.array([queue.tail(float(x)) for x in t])
    assert tail[0] == pytest.approx(queue.wait_fraction, rel=1e-12)
    assert simpson(tail, x=t) == pytest.approx(queue.mean_wait_s, rel=1e-4)
    served = queue.mean_wait_served_s * (1.0 - queue.abandon_fraction)
    assert served + simpson(t / 3.0 * tail, x=t) == pytest.approx(queue.mean_wait_s, rel=1e-4)


def test_erlang_a_quantile_inverts_the_tail() -> None:
    """A share 1 - p waits longer than the p-quantile, which is 0 while enough do not wait at all."""
    queue = erlang_a(48.0, 1.0, 50, 2.0)
    assert queue.tail(queue.quantile(0.99)) == pytest.approx(0.01, rel=1e-9)
    assert queue.quantile(0.5) == 0.0


def test_erlang_a_far_beyond_capacity() -> None:
    """At ten times the capacity the servers are always busy and the rest gives up (the fluid limit, lam - c mu)."""
    queue = erlang_a(5000.0, 1.0, 500, 100.0)
    assert queue.utilisation == pytest.approx(1.0, rel=1e-9)
    assert queue.abandon_fraction == pytest.approx(0.9, rel=1e-9)


def test_erlang_a_without_arrivals() -> None:
    """Nobody waits where nobody comes."""
    queue = erlang_a(0.0, 1.0, 2, 1.0)
    assert (queue.wait_fraction, queue.quantile(0.99), queue.utilisation) == (0.0, 0.0, 0.0)


def test_retrial_point() -> None:
    """At half load with a mean back-off of two services 1.5 jobs are in orbit."""
    assert orbit_mean_number(0.5, 1.0, 2.0) == pytest.approx(1.5, rel=1e-12)


def test_retrials_without_pause_are_mm1() -> None:
    """As the back-off shrinks the orbit becomes the queue of M/M/1, rho^2 / (1 - rho)."""
    assert orbit_mean_number(0.7, 1.0, 1e-12) == pytest.approx(0.49 / 0.3, rel=1e-9)


def test_retrial_orbit_balances() -> None:
    """A truncated chain of server and orbit, solved by its balance equations, has the mean orbit and refused share given."""
    rate, serves, tries, most = 0.4, 1.0, 0.8, 200
    generator = np.zeros((2 * most, 2 * most))
    for n in range(most):
        idle, busy = 2 * n, 2 * n + 1
        generator[idle, busy] += rate
        generator[busy, idle] += serves
        if n + 1 < most:
            generator[busy, busy + 2] += rate
        if n > 0:
            generator[idle, busy - 2] += n * tries
    law = stationary(generator)
    orbit = np.repeat(np.arange(most), 2)
    busy_at = np.tile([False, True], most)
    assert float(np.dot(law, orbit)) == pytest.approx(orbit_mean_number(rate, 1.0, 1.0 / tries), rel=1e-9)
    attempts = rate + tries * orbit
    refused = float((law * attempts)[busy_at].sum() / (law * attempts).sum())
    assert refused == pytest.approx(refused_fraction(rate, 1.0, 1.0 / tries), rel=1e-9)


def test_an_overloaded_orbit_grows_for_ever() -> None:
    """At a load of one nobody gives up, so the orbit is infinite and every attempt in the end fails."""
    assert orbit_mean_number(1.0, 1.0, 1.0) == math.inf
    assert refused_fraction(1.0, 1.0, 1.0) == 1.0
    assert refused_fraction(0.0, 1.0, 1.0) == 0.0


def stationary(generator: np.ndarray) -> np.ndarray:
    """Solve p Q = 0 with p of sum 1; the diagonal is filled in here."""
    q = generator - np.diag(generator.sum(axis=1))
    equations = np.vstack([q.T[:-1], np.ones(len(q))])
    right = np.zeros(len(q))
    right[-1] = 1.0
    return np.linalg.solve(equations, right)
