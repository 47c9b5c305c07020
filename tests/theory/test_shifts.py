"""Shifts that interrupt, by hand and against a chain whose server comes and goes by the clock, on both engines."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.linalg import expm

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import EngineName
from jukinet_sim.network.model import Flow, Network, Poisson, Schedule, Scheduled, Station, Visit, frozen_floats
from jukinet_sim.theory import shifts
from tests.theory.precision import close, replicate, run

RATE, OPEN_S, SHUT_S = 0.5, 6.0, 3.0


@cache
def mean_number() -> float:
    """Return the mean number at M/M/1 (mean service 1) that serves for `OPEN_S` and then not for `SHUT_S`, in turn.

    Exponential services that resume have no memory, so that the law over a period follows from two generators.
    """
    most, slices = 120, 60
    number = np.arange(most + 1)

    def generator(serves: bool) -> np.ndarray:
        up, down = np.where(number < most, RATE, 0.0), np.where(number > 0, float(serves), 0.0)
        return np.diag(up[:-1], 1) + np.diag(down[1:], -1) - np.diag(up + down)

    steps = [expm(generator(True) * OPEN_S / slices)] * slices + [expm(generator(False) * SHUT_S / slices)] * slices
    widths = [OPEN_S / slices] * slices + [SHUT_S / slices] * slices
    law = np.full(most + 1, 1.0 / (most + 1))
    period = np.linalg.matrix_power(steps[0], slices) @ np.linalg.matrix_power(steps[-1], slices)
    for _ in range(400):
        law = law @ period
    means = [float(law @ number)]
    for step in steps:
        law = law @ step
        means.append(float(law @ number))
    # The number is linear within a slice but for terms of the second order.
    area = sum(width * (a + b) / 2.0 for width, a, b in zip(widths, means[:-1], means[1:], strict=True))
    return area / (OPEN_S + SHUT_S)


def test_the_formula_is_the_chain() -> None:
    """The chain in steps of a tenth of a second, and the number of an M/M/1 where it is hardly ever shut."""
    assert shifts.mm1_interrupted_number(RATE, 1.0, OPEN_S, SHUT_S) == pytest.approx(mean_number(), rel=1e-4)
    assert shifts.mm1_interrupted_number(0.6, 1.0, 5.0, 1e-9) == pytest.approx(0.6 / 0.4, rel=1e-6)
    # Open and shut so fast in turn that the server only works at half its speed.
    assert shifts.mm1_interrupted_number(0.3, 1.0, 1e-4, 1e-4) == pytest.approx(0.6 / 0.4, rel=1e-3)
    # In milliseconds it is the same.
    assert shifts.mm1_interrupted_number(RATE / 1e3, 1e3, 1e3 * OPEN_S, 1e3 * SHUT_S) == pytest.approx(mean_number(), rel=1e-4)
    with pytest.raises(ValueError, match="below 1"):
        shifts.mm1_interrupted_number(0.7, 1.0, 6.0, 3.0)
    with pytest.raises(ValueError, match="too long"):
        shifts.mm1_interrupted_number(0.99, 1.0, 6.0, 0.01)


def test_an_interrupted_counter_is_its_chain(engine: EngineName) -> None:
    """The mean number at a counter that closes in the middle of a job is that of the chain; it works for each job's demand."""
    shifts = Schedule((0.0, OPEN_S), (1, 0), OPEN_S + SHUT_S, interrupts=True)
    flow = Flow("f", (Visit("s", dist.exponential(1.0)),), Poisson(RATE))

    def network(lasts_s: float) -> Network:
        return Network("shifts", lasts_s, (Station("s", 1, schedule=shifts),), (flow,), warm_up_s=198.0)

    runs = replicate(engine, network, 900_000.0)
    lasts_s = [one.window_s[1] - one.window_s[0] for one in runs]
    areas = [float(one.flow_sums["in_system_area"][0]) for one in runs]
    close(engine, [area / s for area, s in zip(areas, lasts_s, strict=True)], mean_number())
    busy = [float(one.station_sums["busy_area"][0] / one.station_sums["server_area"][0]) for one in runs]
    close(engine, busy, RATE * (OPEN_S + SHUT_S) / OPEN_S)


@pytest.mark.parametrize(("preemptive", "ends_s"), [(None, 13.0), ("resume", 13.0), ("restart", 15.0)])
def test_a_job_goes_on_or_begins_anew(engine: EngineName, preemptive: str | None, ends_s: float) -> None:
    """Served from 2 to 4 and from 10 on, a job of 5 s has 3 s left, or asks for all of them again; who came behind follows."""
    shifts = Schedule((0.0, 4.0, 10.0), (1, 0, 1), interrupts=True)
    station = Station("s", 1, schedule=shifts, preemptive=preemptive)  # type: ignore[arg-type]  # one of its words
    times = Scheduled(frozen_floats([2.0, 3.0]), (1, 1))
    one = run(engine, Network("one", 60.0, (station,), (Flow("f", (Visit("s", dist.constant(5.0)),), times),)))
    assert float(one.flow_sums["sojourn"][0]) == (ends_s - 2.0) + (ends_s + 5.0 - 3.0)
    assert float(one.station_sums["busy_area"][0]) == 2.0 + (ends_s - 10.0) + 5.0


def test_highest_servers_stop_first_and_their_jobs_stand_in_server_order(engine: EngineName) -> None:
    """Of three jobs the lowest server's goes on; the other two go before whoever waits, the lower server's first."""
    shifts = Schedule((0.0, 4.0), (3, 1), interrupts=True)
    times = Scheduled(frozen_floats([0.0, 1.0, 2.0, 3.0]), (1,) * 4)
    flow = Flow("f", (Visit("s", dist.constant(6.0)),), times)
    one = run(engine, Network("three", 60.0, (Station("s", 3, schedule=shifts),), (flow,)))
    # They end at 6; 6 + 3 = 9; 9 + 4 = 13; 13 + 6 = 19.
    assert float(one.flow_sums["sojourn"][0]) == 6.0 + 8.0 + 11.0 + 16.0
    finish = Schedule((0.0, 4.0), (3, 1))
    one = run(engine, Network("three", 60.0, (Station("s", 3, schedule=finish),), (flow,)))
    assert float(one.flow_sums["sojourn"][0]) == 6.0 + 6.0 + 6.0 + (14.0 - 3.0)
