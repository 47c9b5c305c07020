"""The columns of the table with one row per flow: how its jobs arrive, where they come from and what they do when held up."""

from __future__ import annotations

from jukinet_sim.chance.sampling import ROW

NONE, POISSON, PIECEWISE, EXACT, SCHEDULED, RENEWAL, BATCH, SINUSOID, MODULATED, CLOSED, PERIODIC = range(11)

# Columns of Program.flow_i, then of Program.flow_f.
(
    A_FIRST_STEP, A_PLAN, A_PLAN_LENGTH, A_DRAWN, A_KIND, A_AT, A_LENGTH, A_COUNT, A_RECORDS, A_LAST_RECORDS, A_ORIGIN,
    A_ORIGIN_COUNT, A_ORIGIN_PARENT, A_ORIGIN_AWAY, A_DESTINATION, A_DESTINATION_COUNT, A_DESTINATION_PARENT,
    A_DESTINATION_AWAY, A_HASH, A_SAMPLER, A_CLASS, A_PATIENCE, A_TIMEOUT, A_ZOMBIE, A_ATTEMPTS, A_BACKOFF, A_RETRY_STEP,
    A_THINK_STEP, A_GIVEN,
) = range(29)  # fmt: skip
"""Priority class from 0; samplers, -1 for none; attempts are 1 without retry and 0 without end; steps, given origins and
who is away, -1 for none. The four columns of either place follow one another (PLACE_COLUMNS)."""
PLACE_COLUMNS = 4
FLOW_INTS = 30
AF_RATE, AF_REPEAT, AF_TOTAL, AF_END, AF_FACTOR = range(5)
FLOW_FLOATS = 6
SAMPLER_FLOATS = ROW
"""Columns of a row of the table of samplers."""
