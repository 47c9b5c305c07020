"""The samples beside a run, and what it says about the run's headlines.

Kept are points and values as they were drawn; percentiles and correlations are made anew whenever they are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jukinet_sim.experiments.assumptions.headlines import Headline, judged
from jukinet_sim.results.recorded import over_samples

METHOD = (
    "Latin hypercube over the ranges of all figures that are assumed, or derived with assumptions in them; one replication "
    "per sample, all with the same random numbers. "
    'low and high are the 5th and 95th percentile. Headlines by "ratio" are the value of the run times the ratio of each '
    'sample to the sampled network with the scenario\'s own values ("sampled": "baseline"); those by "absolute" are the '
    "values of the samples themselves."
)


def outcome(document: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the samples of a file say about a run, as the result document holds it under `assumptions`."""
    baseline = [one for one in kept["taken"] if one["number"] == 0]
    drawn = [one for one in kept["taken"] if one["number"] > 0]
    failures = [{"sample": one["number"], "why": one["trouble"]} for one in kept["taken"] if one["trouble"]]
    good = [one for one in drawn if not one["trouble"]]
    points = {name: [values[one["number"] - 1] for one in good] for name, values in kept["parameters"].items()}
    whole = len(drawn) == kept["samples"]
    found = [
        judged(
            headline, headline.value(document), _value(baseline, i), [one["values"][i] for one in good], points,
            scaled=kept["scaled"],
        )
        for i, headline in enumerate(_headlines(kept["headlines"]))
    ]  # fmt: skip
    samples = {}
    for i, one in enumerate(found):
        # On the network of the run each sample is a run of its own; on a thinner one it is scaled to the run.
        scaled = one.pop("of_run")
        samples[one["name"]] = scaled if kept["scaled"] else [sample["values"][i] for sample in good]
    on_record = over_samples(document.get("record", ()), samples)
    return {
        "samples": kept["samples"],
        "finished": len(good),
        "failed": len(drawn) - len(good),
        "failures": failures,
        "status": "complete" if whole else "interrupted",
        "every": kept["every"],
        "sampled_on": _sampled_on(kept),
        "parameters": len(kept["parameters"]),
        "method": METHOD,
        "headlines": found,
        **({"record": on_record} if on_record else {}),
    }


def _headlines(written: Sequence[Mapping[str, Any]]) -> list[Headline]:
    return [Headline(one["name"], tuple(one["keys"]), one["unit"], one["by"]) for one in written]


def _value(baseline: Sequence[Mapping[str, Any]], i: int) -> float | None:
    """Return a headline of the network with its own values, None where that one failed or was not reached."""
    return baseline[0]["values"][i] if baseline and baseline[0]["values"] else None


def _sampled_on(kept: Mapping[str, Any]) -> str:
    """Say in words on which network the samples were taken, and what that means."""
    if not kept["scaled"]:
        return "on the network of the run"
    return f"{sampled_on(kept['every'])}; amounts are scaled to the run by ratio, latencies are as sampled"


def sampled_on(every: int) -> str:
    """Say what a nation of one municipality in so many is."""
    return (
        f"on a nation of one municipality in {every}: stations that all share see about 1/{every} of the residents' load there"
    )
