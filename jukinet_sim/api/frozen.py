"""Documents that cannot be changed by accident: what a notebook shows further down is what was computed further up.

They are lists and dicts all the same, so that they are compared and written as JSON like any other.
"""

from __future__ import annotations

from typing import Any, NoReturn


class _ReadOnly:
    """What refuses every change; `copy.deepcopy` gives a plain copy."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("an answer is read-only; copy.deepcopy(...) of it is yours to change")

    __setitem__ = __delitem__ = __iadd__ = __ior__ = __imul__ = _refuse
    append = clear = extend = insert = pop = popitem = remove = reverse = setdefault = sort = update = _refuse


class FrozenDict(_ReadOnly, dict[str, Any]):
    """A dict that is read only."""

    def __deepcopy__(self, _: dict[int, Any]) -> dict[str, Any]:
        return {key: thawed(value) for key, value in self.items()}

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenDict, (dict(self),)


class FrozenList(_ReadOnly, list[Any]):
    """A list that is read only."""

    def __deepcopy__(self, _: dict[int, Any]) -> list[Any]:
        return [thawed(value) for value in self]

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenList, (list(self),)


def frozen(value: Any) -> Any:
    """Return plain JSON data as read-only data."""
    if isinstance(value, dict):
        return FrozenDict({key: frozen(one) for key, one in value.items()})
    return FrozenList([frozen(one) for one in value]) if isinstance(value, (list, tuple)) else value


def thawed(value: Any) -> Any:
    """Return a plain copy of read-only data."""
    if isinstance(value, dict):
        return {key: thawed(one) for key, one in value.items()}
    return [thawed(one) for one in value] if isinstance(value, list) else value
