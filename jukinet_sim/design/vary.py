"""The text of `--vary` to an axis: `k=a,b,c`, `k=lo..hi`, `k=lo..hi/step` or `k=lo..hi*log`.

A range of whole numbers without units means each of them, and a range of dates each day; values are separated by commas
outside brackets and quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.harmless import one_line
from jukinet_sim.base.units import UNITS, UnitError, number_and_unit
from jukinet_sim.design.axes import WHOLE, Axis, common_unit

_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True) if unit)
# A unit may begin with the sign of a step, as in 1 /s..5 /s/2 /s, so the known ones are looked for first.
_END = re.compile(rf"\s*(?P<high>{_NUMBER}\s*(?:{_UNIT})?)\s*(?P<tail>[/*].*)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATES = re.compile(r"(?P<low>[0-9]{4}-[0-9]{2}-[0-9]{2})\s*\.\.\s*(?P<high>[0-9]{4}-[0-9]{2}-[0-9]{2})\s*(?P<tail>[/*].*)?")
_RANGE_IN_LIST = re.compile(rf"\s*{_NUMBER}[^.]*\.\.[^.].*")
_CLOSING = {"{": "}", "[": "]", "(": ")"}


def parse_axis(written: str) -> Axis:
    """Return the axis that a text such as `network.stations.db.servers=1..4` means.

    Raises UsageError for anything else. Whether the scenario has the key, and whether the values fit it, is found when
    they are set.
    """
    if one_line(written) != written:
        raise UsageError("--vary: this holds a control character; write printable characters only")
    dotted, equals, value = written.partition("=")
    key = ".".join(part.strip() for part in dotted.split("."))
    if not equals or not value.strip() or not all(key.split(".")):
        raise _refused(written, "this varies nothing", _forms("key"))
    if _DATES.fullmatch(value.strip()):
        return _dates(key, value.strip(), written)
    if _is_range(value):
        return _range(key, value.strip(), written)
    return _list(key, value, written)


def _refused(written: str, what: str, cure: str) -> UsageError:
    return UsageError(f"--vary {written}: {what}; {cure}")


def _forms(key: str) -> str:
    return f"write {key}=1..5, {key}=a,b,c or {key}=1..9/2"


def _is_range(value: str) -> bool:
    """Tell a range from a list: two dots, and neither a list, nor brackets, nor a path such as ../a.csv."""
    return ".." in value and not re.search(r"[,{}\[\]\"']|\.\./|/\.\.", value)


def _list(key: str, value: str, written: str) -> Axis:
    texts = tuple(_split(value, written))
    if not all(texts):
        raise _refused(written, "a value is missing between commas", f"write {key}=" + ",".join(text for text in texts if text))
    for text in texts:
        if len(texts) > 1 and _RANGE_IN_LIST.fullmatch(text):
            raise _refused(written, f"the range {text} stands in a list", _forms(key))
        if texts.count(text) > 1:
            raise _refused(written, f"{text} stands there twice", "write each value once")
    numbers = [_number_or_none(text) for text in texts]
    units = {one[1] for one in numbers if one is not None}
    return Axis(key, "list", written, texts=texts, unit=units.pop() if len(units) == 1 else "")


def _number_or_none(text: str) -> tuple[Fraction, str] | None:
    try:
        return number_and_unit(text)
    except UnitError:
        return None


def _split(value: str, written: str) -> Iterator[str]:
    """Yield the texts between the commas that stand outside brackets and quotes."""
    expected: list[str] = []
    begun, quote = 0, ""
    for i, character in enumerate(value):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in _CLOSING:
            expected.append(_CLOSING[character])
        elif character in _CLOSING.values() and (not expected or character != expected.pop()):
            raise _refused(written, f'"{character}" closes no bracket', "close each bracket that is opened, and no other")
        elif character == "," and not expected:
            yield value[begun:i].strip()
            begun = i + 1
    if expected or quote:
        raise _refused(written, f'"{(expected or [quote])[-1]}" is missing', "close each bracket and each quote")
    yield value[begun:].strip()


def _dates(key: str, value: str, written: str) -> Axis:
    match = _DATES.fullmatch(value)
    assert match is not None  # that is how the caller knows that these are dates
    try:
        low, high = (Fraction(date.fromisoformat(match[end]).toordinal()) for end in ("low", "high"))
    except ValueError:
        raise _refused(written, "this is no date of the calendar", f"write {key}=2012-04-01..2012-04-30") from None
    tail = (match["tail"] or "/1").removesuffix("d").strip()
    if not re.fullmatch(r"/\s*[0-9]{1,9}", tail) or tail[1:].strip(" 0") == "":
        raise _refused(written, f'"{match["tail"]}" is no step of days', f"write {value[: match.end('high')]}/7 for every week")
    return _checked(Axis(key, "date", written, low=low, high=high, step=Fraction(int(tail[1:]))))


def _range(key: str, value: str, written: str) -> Axis:
    low_text, _, rest = value.partition("..")
    match = _END.fullmatch(rest)
    high_text, tail = (match["high"], match["tail"] or "") if match else (rest, "")
    ends = [_measured(text, key, written) for text in (low_text, high_text)]
    if match is None:
        raise _refused(written, "this is no range", _forms(key))
    log = re.fullmatch(r"\*\s*log", tail) is not None
    if tail.startswith("*") and not log:
        raise _refused(written, f'"{tail}" is not a way to space values', f"write {key}={low_text}..{high_text}*log")
    texts = [low_text, high_text, *([] if log or not tail else [tail[1:]])]
    ends += [_measured(text, key, written) for text in texts[2:]]
    unit, numbers = _in_one_unit(ends, key, written)
    low, high, *steps = numbers
    whole = unit == "" and all(WHOLE.fullmatch(text.strip()) for text in texts)
    step = steps[0] if steps else Fraction(1) if whole and not log else None
    return _checked(Axis(key, "integer" if whole else "real", written, low=low, high=high, step=step, unit=unit, log=log))


def _measured(text: str, key: str, written: str) -> tuple[Fraction, str]:
    """Return the number and the unit of an end or a step."""
    if not text.strip():
        raise _refused(written, "the range has no end on one side", _forms(key))
    if not re.match(rf"\s*{_NUMBER}", text):
        raise _refused(written, f'"{text.strip()}" is not a number, and only numbers and dates have ranges', _forms(key))
    try:
        return number_and_unit(text)
    except UnitError as error:
        raise _refused(written, error.what, error.cure) from None


def _in_one_unit(ends: list[tuple[Fraction, str]], key: str, written: str) -> tuple[str, list[Fraction]]:
    """Return a unit and the numbers in it; what has no unit takes that of the others, where it is one."""
    named = tuple(dict.fromkeys(unit for _, unit in ends if unit))
    bare = any(not unit for _, unit in ends)
    if bare and (named == ("%",) and not all(unit for _, unit in ends[:2])):
        raise _refused(written, "one end is a percentage and the other has no unit", f"write {key}=50 %..90 %")
    if bare and len(named) > 1:
        raise _refused(written, "two units stand there, and a number without one", "write the unit behind each number")
    unit = common_unit(named or ("",))
    if unit is None:
        kinds = " and ".join(UNITS[one][0] for one in named)
        raise _refused(written, f"{kinds} make no range", "write units of one kind")
    size = UNITS[unit][1]
    return unit, [number * UNITS[own or unit][1] / size for number, own in ends]


def _checked(axis: Axis) -> Axis:
    """Return a range that is one. Raises UsageError for ends in the wrong order and steps that lead nowhere."""
    low, high = axis.text(axis.low), axis.text(axis.high)
    if axis.low == axis.high:
        raise _refused(axis.written, "the range is one value", f"write {axis.key}={low} for that one, or two different ends")
    if axis.low > axis.high:
        raise _refused(axis.written, f"{low} is more than {high}", f"write {axis.key}={high}..{low}")
    if axis.log and axis.low == 0:
        raise _refused(axis.written, "0 has no logarithm", "begin the range above 0, or leave *log out")
    if axis.step is not None and axis.step == 0:
        raise _refused(axis.written, "a step of 0 leads nowhere", f"write a step above 0, such as {axis.key}=1..9/2")
    if axis.step is not None and axis.step > axis.high - axis.low:
        what = f"the step {axis.text(axis.step) if axis.kind != 'date' else axis.step} is larger than the range"
        raise _refused(axis.written, what, "write a smaller step")
    return axis
