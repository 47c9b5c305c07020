"""What is to be fitted: `--fit KEY` or `KEY=LO..HI` to a number of the scenario, its unit, and the bounds it stays within.

A key names a time, a rate, a share or any other number, a figure with its source, or a distribution, of which it is the mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.suggest import one_of
from jukinet_sim.base.units import UNITS, UnitError, number_and_unit
from jukinet_sim.language.base import Figure
from jukinet_sim.language.merge import NodePath
from jukinet_sim.language.shape import Kinds, inside
from jukinet_sim.language.yaml_source import Mapping, Node, Scalar
from jukinet_sim.language.yaml_source import Sequence as Items
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.scenario.schema import Scenario

_WIDE = 100
"""A key without a range is looked for between its value divided and multiplied by this."""
_DIGITS = 10
_SI = {"a time": "s", "a rate": "/s", "an amount of data": "B", "a bit rate": "bit/s"}


@dataclass(frozen=True)
class FitKey:
    """A number of a scenario: the name it was asked by, the path to it, its unit, and its bounds in that unit.

    `figure` tells that the schema takes a figure with its source there; `written` is the number as it stands.
    """

    name: str
    path: NodePath
    unit: str
    written: Fraction
    low: Fraction
    high: Fraction
    figure: bool

    @property
    def dotted(self) -> str:
        """The path as one dotted key."""
        return ".".join(map(str, self.path))

    @property
    def size(self) -> Fraction:
        """What one of its unit is in SI."""
        return UNITS[self.unit][1]

    @property
    def si_unit(self) -> str:
        """The unit of its values in documents; empty for shares and plain numbers."""
        return _SI.get(UNITS[self.unit][0], "")

    def text(self, value: float) -> str:
        """Return a value in SI as a scenario has it, in the key's unit, to ten digits and within the bounds."""
        number = Fraction(f"{float(Fraction(value) / self.size):.{_DIGITS}g}")
        return self._text(min(max(number, self.low), self.high))

    def rounded(self, value: float) -> float:
        """Return the value in SI that the text of a value means."""
        return self.in_si(number_and_unit(self.text(value))[0])

    def in_si(self, number: Fraction) -> float:
        """Return a number of the key's unit in SI."""
        return float(number * self.size)

    def setting(self, value: float) -> str:
        """Return the setting that gives the key a value in SI."""
        return f"{self.dotted}={self.text(value)}"

    def _text(self, number: Fraction) -> str:
        shown = repr(float(number))
        exact = shown if Fraction(shown) == number else f"{float(number):.17g}"
        return f"{exact.removesuffix('.0')} {self.unit}".strip()


def fit_keys(texts: Iterable[str], loaded: Loaded) -> tuple[FitKey, ...]:
    """Return the keys that texts such as `a.b=1 ms..50 ms,c.d` name in a scenario. Raises UsageError, saying what to write."""
    written = [part.strip() for text in texts for part in text.split(",") if part.strip()]
    if not written:
        raise UsageError("nothing is fitted; add --fit KEY, such as --fit network.flows.q.route.0.demand.exponential")
    keys = tuple(_key(text, loaded) for text in written)
    for number, key in enumerate(keys):
        if key.path in [other.path for other in keys[:number]]:
            raise UsageError(f"{key.dotted} is to be fitted twice; name it once")
    return keys


def _key(text: str, loaded: Loaded) -> FitKey:
    name, equals, bounds = (part.strip() for part in text.partition("="))
    found = _number(name, *_found(name, loaded))
    ends = [bound.strip() for bound in bounds.split("..")] if equals else found.range
    number, unit = _read(name, found.text)
    if ends is None:
        if not number:
            raise UsageError(f"--fit {name}: it is 0, so nothing says how large it may be; write {name}=LO..HI")
        # A share cannot be more than all.
        low, high = number / _WIDE, min(number * _WIDE, Fraction(100)) if unit == "%" else number * _WIDE
    else:
        if len(ends) != 2:
            raise UsageError(f"--fit {text}: these are no bounds; write {name}=LO..HI with units")
        low, high = (_in_unit(name, end, unit) for end in ends)
    if not low <= number <= high or not low < high:
        raise UsageError(f"--fit {text}: the scenario's own value {found.text} does not lie between them; widen the bounds")
    return FitKey(name, found.path, unit, number, low, high, found.figure)


@dataclass(frozen=True)
class _Number:
    """A number in a scenario: its path and text, whether it may be a figure with its source, and the range of one that is."""

    path: NodePath
    text: str
    figure: bool
    range: Sequence[str] | None


def _found(name: str, loaded: Loaded) -> tuple[NodePath, Node, Kinds]:
    """Return path, node and schema of what a dotted key names; names may contain dots."""
    node: Node = loaded.tree
    kinds: Kinds = (Scenario,)
    path: list[str | int] = []
    parts = name.split(".")
    while parts:
        known = list(node.entries) if isinstance(node, Mapping) else []
        if isinstance(node, Items):
            known = [str(number) for number in range(len(node.items))]
        lengths = [n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in known]
        if not lengths:
            here = ".".join(map(str, path)) or "the scenario"
            cure = one_of(parts[0], known, f"nothing lies below it; write --fit {here}")
            raise UsageError(f'--fit {name}: {here} has no "{parts[0]}" that is written down; {cure}, or set it with --set')
        key, parts = ".".join(parts[: lengths[0]]), parts[lengths[0] :]
        kinds = inside(kinds, key)
        path.append(int(key) if isinstance(node, Items) else key)
        node = node.items[int(key)] if isinstance(node, Items) else node.entries[key].node  # type: ignore[union-attr]  # known
    return tuple(path), node, kinds


def _number(name: str, path: NodePath, node: Node, kinds: Kinds) -> _Number:
    """Return the one number that a key means: itself, the value of a figure, or the mean of a distribution."""
    while isinstance(node, Mapping) and "value" not in node.entries:
        key = "mean" if "mean" in node.entries else next(iter(node.entries), "")
        if key != "mean" and len(node.entries) != 1:
            break
        path, node, kinds = (*path, key), node.entries[key].node, inside(kinds, key)
    figure = any(isinstance(kind, type) and issubclass(kind, Figure) for kind in kinds)
    ends = None
    if isinstance(node, Mapping) and "value" in node.entries:
        found = node.entries.get("range")
        if found is not None and isinstance(found.node, Items):
            ends = [item.text for item in found.node.items if isinstance(item, Scalar)]
        path, node = (*path, "value"), node.entries["value"].node
    if isinstance(node, Scalar):
        return _Number(path, node.text, figure, ends)
    below = [str(n) for n in range(len(node.items))] if isinstance(node, Items) else list(node.entries)
    cure = ", ".join(f"{'.'.join(map(str, path))}.{one}" for one in below[:6]) or "another key"
    raise UsageError(f"--fit {name}: this is no single number; fit {cure}")


def _read(name: str, text: str) -> tuple[Fraction, str]:
    try:
        return number_and_unit(text)
    except UnitError as error:
        raise UsageError(f"--fit {name}: {error.what}; only numbers can be fitted") from None


def _in_unit(name: str, text: str, unit: str) -> Fraction:
    """Return a bound as a number of the unit in which the scenario has the key."""
    number, own = _read(name, text)
    if UNITS[own][0] != UNITS[unit][0] and {own, unit} != {"", "%"}:
        what = f'the bound "{text}" is {UNITS[own][0]}, the scenario has {UNITS[unit][0]}'
        raise UsageError(f"--fit {name}: {what}; write both alike")
    return number * UNITS[own][1] / UNITS[unit][1]
