"""Charts of a run: their rows are its numbers, and their specifications can be drawn in both languages."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
import vl_convert
from exported_run import HOSTILE, small_run
from scipy import stats

from jukinet_sim import run
from jukinet_sim.cli.app import main
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.juki_net.programme.timeline import Dated
from jukinet_sim.report.charts import files
from jukinet_sim.report.charts.convergence import convergence_rows
from jukinet_sim.report.charts.gantt import gantt_plot, gantt_rows
from jukinet_sim.report.charts.heat import heat_plot, heat_rows
from jukinet_sim.report.charts.of_run import run_plots
from jukinet_sim.report.charts.plot import Plot
from jukinet_sim.report.charts.series import MOST_BINS, SeriesOf, series_rows
from jukinet_sim.report.charts.theme import GREY
from jukinet_sim.report.charts.time_axis import TimeAxis
from jukinet_sim.report.kept_run import KeptRun, read_kept_run
from jukinet_sim.report.messages.say import LANGUAGES, MESSAGES
from jukinet_sim.results.levels import by_level

ROOT = Path(__file__).resolve().parents[3]
ALL = {"map", "flow-series", "station-series", "heat", "busiest", "latency", "convergence"}
DESK = ALL - {"map", "busiest"}


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> KeptRun:
    """A run of a dozen towns for a day, three replications."""
    folder = tmp_path_factory.mktemp("charts")
    kept = run(str(ROOT / "scenarios" / "tiny.yaml"), out=folder, replications=3, jobs=1, engine="fast").folder
    assert kept is not None
    return read_kept_run(kept)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> KeptRun:
    """A run of a network without a calendar, with a warm-up."""
    return read_kept_run(small_run(tmp_path_factory.mktemp("desk")))


def plots(of: KeptRun) -> dict[str, Plot]:
    """The charts of a run by name."""
    return {plot.name: plot for plot in run_plots(of)}


def test_changes_are_bars_on_the_calendar() -> None:
    """While it comes to places, from when all have it, and where it failed; what lies outside the run is left out."""
    first, last = dt.date(2013, 4, 1), dt.date(2013, 4, 30)

    def day(number: int) -> float:
        return (dt.datetime(2013, 4, 1, tzinfo=dt.UTC) + dt.timedelta(days=number)).timestamp() * 1000.0

    of_april = [dt.date(2013, 4, number) for number in range(1, 31)]
    before, after = dt.date(2013, 3, 20), dt.date(2013, 5, 2)
    changes = [
        Dated("by waves", "municipality", (of_april[4], of_april[7], of_april[9]), failed=(of_april[5], of_april[5])),
        Dated("at once", None, (of_april[2],)),
        Dated("for a while", None, (of_april[2],), until=of_april[4]),
        Dated("begun before", "prefecture", (before, of_april[1])),
        Dated("not ended", "prefecture", (of_april[1], after)),
        Dated("done before", "prefecture", (before,), until=before),
        Dated("later", None, (after,)),
    ]
    rows = [(row["change"], row["stage"], row["from"], row["to"], row["places"]) for row in gantt_rows(changes, first, last)]
    assert rows == [
        ("by waves", "coming", day(4), day(9), 3), ("by waves", "there", day(9), day(30), 3),
        ("by waves", "failed", day(5), day(6), 2), ("at once", "there", day(2), day(30), 1),
        ("for a while", "there", day(2), day(5), 1), ("begun before", "coming", day(0), day(1), 2),
        ("begun before", "there", day(1), day(30), 2), ("not ended", "there", day(1), day(30), 1),
    ]  # fmt: skip
    plot = gantt_plot(gantt_rows(changes, first, last), first, 30 * 86_400.0)
    for language in LANGUAGES:
        drawn = vl_convert.vegalite_to_svg(plot.whole(language), allowed_base_urls=[])
        assert drawn.count("<path") > 8
        assert "by waves" in drawn


def test_every_chart_is_there(nation: KeptRun, desk: KeptRun) -> None:
    """A nation has all charts, a desk of seven minutes all but the map and the busiest hour."""
    assert set(plots(nation)) == ALL
    assert set(plots(desk)) == DESK


@pytest.mark.parametrize("kind", ["nation", "desk"])
def test_every_chart_can_be_drawn(request: pytest.FixtureRequest, kind: str) -> None:
    """Each specification compiles in both languages, which differ in words, and draws as much as it has rows for."""
    for number, plot in enumerate(plots(request.getfixturevalue(kind)).values()):
        language, other = LANGUAGES if number % 2 else reversed(LANGUAGES)
        assert vl_convert.vegalite_to_vega(plot.whole(other))["marks"], plot.name
        svg = vl_convert.vegalite_to_svg(plot.whole(language), allowed_base_urls=[])
        assert len(re.findall("<path", svg)) > 3, plot.name


def test_series_are_means_with_their_range(desk: KeptRun) -> None:
    """Each bin has mean, least and largest value over the replications, at the time at which it begins; the last ends, too."""
    *rows, end = series_rows(desk.digests, SeriesOf("station", ["back"], ["busy"]), TimeAxis(None, desk.end_s))
    alone = np.array([digest.stations["back"].series["busy"] for digest in desk.digests])
    assert [row["mean"] for row in rows] == pytest.approx(alone.mean(axis=0))
    assert [(row["low"], row["high"]) for row in rows] == list(zip(alone.min(axis=0), alone.max(axis=0), strict=True))
    unit_s = TimeAxis(None, desk.end_s).unit[1]
    assert [row["at"] * unit_s for row in rows] == pytest.approx([50.0 * number for number in range(8)])
    assert end == {**rows[-1], "at": pytest.approx(desk.end_s / unit_s)}


def test_long_series_are_thinned_by_averages(desk: KeptRun, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more bins than a page is wide, neighbouring ones are averaged, so that the area stays the same."""
    whole = series_rows(desk.digests, SeriesOf("flow", ["visitor"], ["in_system"]), TimeAxis(None, desk.end_s))[:-1]
    monkeypatch.setattr("jukinet_sim.report.charts.series.MOST_BINS", 4)
    thin = series_rows(desk.digests, SeriesOf("flow", ["visitor"], ["in_system"]), TimeAxis(None, desk.end_s))[:-1]
    assert len(thin) == 4 < len(whole) == 8 <= MOST_BINS
    assert math.fsum(2 * row["mean"] for row in thin) == pytest.approx(math.fsum(row["mean"] for row in whole))


def test_the_warm_up_is_shaded(desk: KeptRun) -> None:
    """The chart of series has a rectangle from the start of the run to the end of its warm-up, of 20 s."""
    spec = json.dumps(plots(desk)["flow-series"].spec("en"))
    assert '"said": "warm-up"' in spec
    assert plots(desk)["flow-series"].spec("en")["layer"][0]["mark"]["type"] == "rect"
    svg = vl_convert.vegalite_to_svg(plots(desk)["flow-series"].whole("en"), allowed_base_urls=[])
    shaded = re.findall(rf'aria-label="[^"]*warm-up"[^>]* d="M[^"]*"[^>]*fill="{GREY}"', svg)
    assert len(shaded) == 1


def test_dates_are_japanese_time_whatever_the_machine(nation: KeptRun) -> None:
    """The number that stands for an instant is that of the same clock time in UTC, on an axis of UTC."""
    axis = TimeAxis(dt.date(2012, 4, 2), 86_400.0)
    assert axis.value(9 * 3600.0) / 1000.0 == dt.datetime(2012, 4, 2, 9, tzinfo=dt.UTC).timestamp()
    assert '"type": "utc"' in json.dumps(plots(nation)["heat"].spec("en"))


def test_heat_by_the_hour_of_the_day() -> None:
    """A run of ten days is shown by hours, each the mean over the days, relative to the largest of these means."""
    days, hours = 10, 24
    busy = [float(hour == 9) * (day + 1) + float(hour == 17) for day in range(days) for hour in range(hours)]
    stations = {"desk": {"series": {"bin_s": 3600.0, "busy": busy}}}
    rows = heat_rows(stations, ["desk"], TimeAxis(dt.date(2012, 4, 1), days * 86_400.0))
    mean = sum(range(1, days + 1)) / days
    assert [row["busy"] for row in rows] == [mean if h == 9 else 1.0 if h == 17 else 0.0 for h in range(hours)]
    assert rows[17]["share"] == pytest.approx(1.0 / mean)


def test_the_map_has_every_prefecture_and_figure(nation: KeptRun) -> None:
    """Each figure of a prefecture is that of the sums over its places, on a tile of its own."""
    tree = nation.tree
    assert tree is not None
    levels = {place["name"][:2]: place for place in by_level(nation.document, tree, DOMAIN.map_level)}
    rows = [row for row in plots(nation)["map"].rows if (row["group"], row["metric"]) == ("prefecture_server", "visits_per_s")]
    assert {row["code"]: row["value"] for row in rows} == {
        code: place["stations"]["prefecture_server"]["visits_per_s"] for code, place in levels.items()
    }
    assert max(row["share"] for row in rows) == 1.0
    assert len({(tile.column, tile.row) for tile in DOMAIN.tiles()}) == 47


def test_latency_is_the_quantiles_that_are_kept(desk: KeptRun) -> None:
    """Its points are the quantiles of the document, and a note says so."""
    plot = plots(desk)["latency"]
    kept = desk.document["flows"]["visitor"]["sojourn_s"]
    assert {row["point"]: row["value_s"] for row in plot.rows} == {
        point: kept[point]["value"] for point in ("p50", "p90", "p95", "p99", "max")
    }
    assert "quantiles" in str(plot.whole("en")["title"]["subtitle"])


def test_convergence_is_the_running_mean() -> None:
    """After n replications it is their mean with Student's t interval, relative to the mean of all."""
    alone = [3.0, 5.0, 4.0, 8.0]
    rows = convergence_rows([("wait", {"value": 5.0, "level": 0.95, "per_replication": alone})])
    assert [row["mean"] for row in rows] == pytest.approx([np.mean(alone[:n]) / 5.0 for n in range(1, 5)])
    half = stats.t.ppf(0.975, 2) * np.std(alone[:3], ddof=1) / math.sqrt(3)
    assert (rows[2]["high"] - rows[2]["mean"]) * 5.0 == pytest.approx(half)
    assert rows[0]["low"] is None


def test_what_does_not_vary_has_nothing_to_settle() -> None:
    """A headline that is 0, undefined or the same in every replication is left out."""
    same = {"value": 2.0, "level": 0.95, "per_replication": [2.0, 2.0]}
    none = {"value": None, "level": 0.95, "per_replication": [None, None]}
    assert convergence_rows([("same", same), ("none", none)]) == []


def test_every_message_is_in_both_languages() -> None:
    """No message is empty in a language, and both have the same braces."""
    for key, texts in MESSAGES.items():
        assert len(texts) == len(LANGUAGES)
        assert all(text.strip() for text in texts), key
        braces = [sorted(set(re.findall(r"{(\w+)}", text))) for text in texts]
        assert braces[0] == braces[1], key


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_pictures(desk: KeptRun, tmp_path: Path, kind: str) -> None:
    """`export` writes a picture for each chart, with Japanese words if asked."""
    assert main(["export", str(desk.folder), "--to", kind, "--out", str(tmp_path), "--lang", "ja"]) == 0
    assert {path.stem for path in tmp_path.iterdir()} == DESK
    for path in tmp_path.iterdir():
        assert path.read_bytes().startswith(b"\x89PNG\r\n" if kind == "png" else b"<svg")


def test_a_machine_without_japanese_fonts_says_so(
    desk: KeptRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pictures are written and the message says which fonts to install; English pictures need none."""
    monkeypatch.setattr(files, "_japanese_is_drawn", lambda: False)
    monkeypatch.setattr(vl_convert, "vegalite_to_png", lambda *_, **__: b"picture")
    for language, said in (("ja", True), ("en", False)):
        assert main(["export", str(desk.folder), "--to", "png", "--out", str(tmp_path), "--lang", language]) == 0
        assert ("no font with Japanese characters is installed" in capsys.readouterr().err) is said


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_data(name: str) -> None:
    """A name never becomes part of an expression: it stands in data, escaped in pictures."""
    stations = {name: {"series": {"bin_s": 10.0, "busy": [1.0, 2.0]}}}
    axis = TimeAxis(None, 20.0)
    svg = vl_convert.vegalite_to_svg(heat_plot(heat_rows(stations, [name], axis), axis).whole("en"), allowed_base_urls=[])
    assert not re.search(r"<(script|img)|\x1b|\u202e|>49<", svg)
    assert svg.count("<svg") == 1
