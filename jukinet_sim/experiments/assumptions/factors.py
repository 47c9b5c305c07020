"""What an experiment varies, as axes of a scenario: the ranges of assumed figures, and those that somebody asks for.

A value of a factor is put into the scenario as a setting, as `--set` would, so that the scenario that is kept is what was run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.units import UNITS, UnitError, number_and_unit
from jukinet_sim.design.axes import Axis, common_unit
from jukinet_sim.design.unit_cube import is_wide
from jukinet_sim.experiments.assumptions.parameters import Parameter, parameters
from jukinet_sim.language import yaml_source as Y
from jukinet_sim.language.base import in_si
from jukinet_sim.language.merge import find
from jukinet_sim.scenario.loaded import Loaded

ASKED = "asked for"


@dataclass(frozen=True)
class Factor:
    """A key that is varied along an axis; `status` is that of its figure, or that somebody asked for it, `note` the reason.

    `form` is the setting that puts a value, its braces, in place; `now` is the value that the scenario has, None for none.
    """

    key: str
    axis: Axis
    status: str
    note: str | None
    now: str | None
    form: str

    def at(self, share: float) -> str:
        """Return the value below which this share, from 0 to 1, of the range lies: by logarithm where the range is wide."""
        return self.axis.at(share)

    def setting(self, value: str) -> str:
        """Return the setting that puts a value in place."""
        return self.form.replace("{}", value, 1)

    @property
    def ends(self) -> tuple[str, str]:
        """The values at both ends of the axis."""
        return self.at(0.0), self.at(1.0)


def factors(loaded: Loaded) -> tuple[Factor, ...]:
    """Return a factor for every figure that is assumed, or derived with a range, in the order of the scenario."""
    return tuple(_of_figure(loaded, parameter) for parameter in parameters(loaded.scenario))


def asked_for(loaded: Loaded, axis: Axis, known: Sequence[Factor]) -> Factor:
    """Return a factor with the range that somebody asks for; a figure that is among the known ones keeps its reason.

    Raises UsageError for words that have no order to be moved along and are more than two.
    """
    if axis.kind == "list" and len(axis.texts) < 2:
        raise UsageError(f"--vary {axis.written}: one value is no range; write {axis.key}=lo..hi or {axis.key}=a,b")
    same = [one for one in known if axis.key in (one.key, f"{one.key}.value")]
    if not same:
        found = find(loaded.tree, axis.key)
        node = None if found is None else found[1]
        now = node.text if isinstance(node, Y.Scalar) else None
        return Factor(axis.key, axis, ASKED, None, now, f"{axis.key}={{}}")
    figure = same[0]
    low, high = (axis.at(0.0), axis.at(1.0))
    source = "" if find(loaded.tree, f"{figure.key}.value") else f" {_source(figure.status, figure.note)},"
    form = f"{figure.key}={{value: {{}},{source} range: [{low}, {high}]}}"
    return Factor(figure.key, axis, figure.status, figure.note, figure.now, form)


def _of_figure(loaded: Loaded, parameter: Parameter) -> Factor:
    """Return the factor of a figure, in the unit in which its range is written where it is, else in SI."""
    figure, key = parameter.figure, parameter.name
    low, high = figure.range or (figure.value, figure.value)
    si = [in_si(figure, number) for number in (figure.value, low, high)]
    now, *ends = _written(loaded, key) or si
    measured = _measured(ends) or _measured(si[1:])
    if measured is None:
        raise TypeError(f"{key} has a range that cannot be read: {ends}")
    unit, numbers = measured
    whole = isinstance(figure.value, int)
    axis = Axis(
        key, "integer" if whole else "real", f"{key}={ends[0]}..{ends[1]}", low=numbers[0], high=numbers[1], unit=unit,
        log=is_wide(low, high),
    )  # fmt: skip
    if find(loaded.tree, f"{key}.value") is not None:
        return Factor(key, axis, figure.status, figure.note, now, f"{key}.value={{}}")
    whole_figure = f"{{value: {{}}, {_source(figure.status, figure.note)}, range: [{si[1]}, {si[2]}]}}"
    return Factor(key, axis, figure.status, figure.note, now, f"{key}={whole_figure}")


def _written(loaded: Loaded, key: str) -> list[str] | None:
    """Return value, low and high end of a figure as its file has them; None for a default, which stands in no file."""
    value, ends = find(loaded.tree, f"{key}.value"), find(loaded.tree, f"{key}.range")
    if value is None or ends is None or not isinstance(ends[1], Y.Sequence):
        return None
    nodes = [value[1], *ends[1].items]
    texts = [node.text for node in nodes if isinstance(node, Y.Scalar)]
    return texts if len(texts) == 3 else None


def _measured(texts: Sequence[str]) -> tuple[str, list[Fraction]] | None:
    """Return a unit and some numbers in it; None where they have none in common."""
    try:
        found = [number_and_unit(text) for text in texts]
    except UnitError:
        return None
    unit = common_unit(tuple(unit for _, unit in found))
    if unit is None or unit == "%":
        return None
    return unit, [number * UNITS[own][1] / UNITS[unit][1] for number, own in found]


def _source(status: str, note: str | None) -> str:
    """Return where a figure comes from as a scenario has it, on one line."""
    escaped = " ".join((note or "").split()).replace("'", "''")
    return f"{status}: '{escaped}'"
