"""Every figure of a part of a scenario with its path, and the claim of those that are called reported."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from pydantic import BaseModel

from jukinet_sim.base.suggest import one_of
from jukinet_sim.language.base import Figure
from jukinet_sim.language.complaint import Complaint, fault
from jukinet_sim.language.merge import NodePath


def figures(there: object, path: NodePath = ()) -> Iterator[tuple[NodePath, Figure[float]]]:
    """Yield every figure of a model, a mapping or a list, with the path to it from there."""
    if isinstance(there, Figure):
        yield path, there
        return
    below: Iterable[tuple[str | int, object]] = ()
    if isinstance(there, BaseModel):
        below = ((name, getattr(there, name)) for name in type(there).model_fields)
    elif isinstance(there, dict):
        below = there.items()
    elif isinstance(there, tuple):
        below = enumerate(there)
    for name, value in below:
        yield from figures(value, (*path, name))


def source_key(note: str | None) -> str | None:
    """Return the key that a figure called reported names, without a remark that may follow it."""
    return re.split(r"[\s:,;]", note.strip())[0] if note else None


def unknown_sources(found: Iterable[tuple[NodePath, Figure[float]]], known: Collection[str]) -> Iterator[Complaint]:
    """Refuse a figure that is called reported and is not among the known reported figures."""
    for path, figure in found:
        if figure.status == "reported" and source_key(figure.note or "") not in known:
            key = figure.note or ""
            what = f'there is no reported figure "{key[:60]}"'
            cure = one_of(key, known, 'or say "assumed" or "derived"')
            yield fault((*path, "reported"), what, cure)
