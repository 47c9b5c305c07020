"""The schema of scenario files and the catalogue of metrics to reference pages: whatever they know, and nothing besides."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import get_args

from pydantic.fields import FieldInfo

from jukinet_sim import metrics
from jukinet_sim.language.base import Base, Figure
from jukinet_sim.language.shape import Kinds, alternatives, inside, models, takes_any_key
from jukinet_sim.report.explain import ANY_NAME, default_of
from jukinet_sim.report.kinds import describe_field
from jukinet_sim.scenario.schema import Scenario

_WORDS = {
    "key": ("key", "項目"),
    "meaning": ("meaning", "意味"),
    "kind": ("what may stand there", "書ける値"),
    "default": ("when left out", "省略時"),
    "see": ("as below", "下と同じ："),
    "metric": ("metric", "指標"),
    "unit": ("unit", "単位"),
    "measures": ("sum", "合計"),
    "window": ("window", "時間帯"),
    "place": ("place", "場所"),
    "yes": ("yes", "可"),
    "top": ("At the top", "最上位"),
    "keys": (
        "Made from the schema by which files are checked. `jukinet explain KEY` says the same of one key, and where its value "
        "comes from in a scenario; `jukinet schema` prints it for editors. Names that an author chooses are written NAME.",
        "ファイルの検査に使うスキーマから生成したページ（説明文は英語のまま）。"
        "`jukinet explain KEY` で1項目の説明と値の出所を、`jukinet schema` でエディタ用のスキーマを表示する。"
        "作成者が決める名前は NAME と書いてある。",
    ),
    "metrics": (
        "Made from the catalogue by which results are read. `sum`: measures can sum it; `window` and `place`: a service level "
        "can judge it in a part of the run, at one place or the worst. `jukinet explain METRIC` has examples.",
        "結果の読み取りに使う指標一覧から生成したページ（説明文は英語のまま）。「合計」は measures で足し合わせられるもの、"
        "「時間帯」「場所」はサービス水準を実行の一部や一箇所（または最悪の箇所）で判定できるもの。"
        "例は `jukinet explain METRIC`。",
    ),
    "flow": ("Of a flow", "フローの指標"),
    "station": ("Of a station", "ステーションの指標"),
    "pool": ("Of a pool", "プールの指標"),
    "measure": ("Of a measure", "尺度の指標"),
}
"""Headings and sentences of these pages, in English and in Japanese."""


class _Say:
    def __init__(self, lang: str) -> None:
        self._at = ("en", "ja").index(lang)

    def __call__(self, key: str) -> str:
        return _WORDS[key][self._at]


def made(slug: str, lang: str, title: str) -> str:
    """Return a reference page as Markdown."""
    say = _Say(lang)
    sections = _keys(say) if slug == "keys" else _metrics(say)
    return "\n".join([f"# {title}", "", say(slug), "", *sections])


def _keys(say: _Say) -> Iterator[str]:
    """Yield a section for each mapping of the schema, the first path that leads to it as its heading."""
    paths: dict[type[Base], str] = {Scenario: ""}
    waiting: deque[type[Base]] = deque(paths)
    while waiting:
        model = waiting.popleft()
        rows = []
        for name, field in model.model_fields.items():
            path = f"{paths[model]}.{field.alias or name}".lstrip(".")
            found = list(_below(alternatives(field.annotation), path))
            for one, its_path in found:
                if one not in paths:
                    paths[one] = its_path
                    waiting.append(one)
            rows.append(_row(field.alias or name, field, [paths[one] for one, _ in found], say))
        # A second way of writing a mapping, as one value, has no keys.
        if rows:
            yield from _section(paths[model] or say("top"), model, rows, say)


def _section(title: str, model: type[Base], rows: Iterable[str], say: _Say) -> Iterator[str]:
    plain = title == say("top")
    yield f"## {title if plain else f'`{title}`'}"
    yield ""
    if model.__doc__:
        yield from (_one_line(model.__doc__), "")
    yield _table_row(*map(say, ("key", "meaning", "kind", "default")))
    yield "|---|---|---|---|"
    yield from rows
    yield ""


def _below(kinds: Kinds, path: str) -> Iterator[tuple[type[Base], str]]:
    """Yield each mapping that may stand at a path or in its entries, with the path that leads there."""
    for model in models(kinds):
        if not issubclass(model, Figure) and model.written is None:
            yield model, path
    for kind in kinds:
        if get_args(kind) and not isinstance(kind, type):
            yield from _below(inside((kind,), "0"), f"{path}.{ANY_NAME}" if takes_any_key((kind,)) else path)


def _row(name: str, field: FieldInfo, below: list[str], say: _Say) -> str:
    """Return the row of a key; what is told of in a section of its own is named by it."""
    kind = f"{say('see')} `{'`, `'.join(dict.fromkeys(below))}`" if below else describe_field(field)
    return _table_row(f"`{name}`", _one_line(field.description or ""), kind, default_of(field))


def _metrics(say: _Say) -> Iterator[str]:
    """Yield a table for each kind of part."""
    for kind in metrics.KINDS:
        yield from (f"## {say(kind)}", "", _table_row(*map(say, ("metric", "unit", "measures", "window", "place", "meaning"))))
        yield "|---|---|---|---|---|---|"
        for one in metrics.of_kind(kind).values():
            unit = "%" if one.dimension == "fraction" else one.unit
            yes = [say("yes") if can else "" for can in (one.summed, one.windowed, one.placed)]
            yield _table_row(f"`{one.name}`", unit, *yes, one.meaning)
        yield ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _table_row(*cells: str) -> str:
    escaped = (cell.replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(escaped)} |"
