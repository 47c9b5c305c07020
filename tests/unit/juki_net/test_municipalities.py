"""Generated municipalities against published totals, and the reader of a planner's own list."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from jukinet_sim.base.errors import Fault, ScenarioError
from jukinet_sim.juki_net.facts import designated_cities, prefectures
from jukinet_sim.juki_net.places.csv_file import read_csv
from jukinet_sim.juki_net.places.generated import generate
from jukinet_sim.juki_net.places.table import Municipalities

HEADER = "code,prefecture_code,name,population\n"
REAL_LIST = "JUKINET_MUNICIPALITIES_CSV"


@pytest.fixture(scope="module")
def places() -> Municipalities:
    """Give the generated municipalities of FY2012."""
    return generate()


def largest(places: Municipalities, count: int) -> float:
    """Give the share of all people who live in the largest places."""
    return float(np.sort(places.population)[-count:].sum() / places.population.sum())


class TestGenerated:
    """Totals and shape as published; no place pretends to be a real one."""

    def test_total_is_exact(self, places: Municipalities) -> None:
        """1,742 municipalities hold the 126,659,683 people of the registers."""
        assert len(places) == 1_742
        assert int(places.population.sum()) == 126_659_683

    def test_prefectures_have_their_counts(self, places: Municipalities) -> None:
        """Each prefecture has the municipalities of FY2012."""
        counted = np.bincount(places.prefecture, minlength=47).tolist()
        assert counted == [prefecture.municipalities for prefecture in prefectures()]

    def test_prefectures_have_their_share_of_people(self, places: Municipalities) -> None:
        """Each prefecture holds its census share of the total to within one person."""
        census = np.array([prefecture.population_2010_thousand for prefecture in prefectures()])
        people = np.bincount(places.prefecture, weights=places.population, minlength=47)
        assert np.abs(people - census / census.sum() * 126_659_683).max() < 1.0

    def test_designated_cities_have_their_sizes(self, places: Municipalities) -> None:
        """Every designated city is there by name with its published size in its prefecture."""
        for city in designated_cities():
            index = places.name.index(city.name_en)
            assert places.population[index] == 1_000 * city.population_2012_thousand
            assert places.prefecture[index] == int(city.prefecture_code) - 1

    def test_23_wards_hold_their_assumed_share(self, places: Municipalities) -> None:
        """Tokyo's wards hold 8.9 million people, none above 0.9 million."""
        wards = [i for i, name in enumerate(places.name) if name.startswith("Tokyo-ward-")]
        assert len(wards) == 23
        assert int(places.population[wards].sum()) == 8_900_000
        assert int(places.population[wards].max()) < 900_000

    @pytest.mark.parametrize(("count", "share"), [(20, 0.215), (100, 0.47)])
    def test_large_places_hold_the_published_share(self, places: Municipalities, count: int, share: float) -> None:
        """The largest 20 hold 21.5 % and the largest 100 hold 47 % of all people, within 5 % of that."""
        assert largest(places, count) == pytest.approx(share, rel=0.05)

    def test_median_and_largest(self, places: Municipalities) -> None:
        """The median is 25,000 and the largest 3.7 million, within 5 %."""
        assert float(np.median(places.population)) == pytest.approx(25_000, rel=0.05)
        assert int(places.population.max()) == pytest.approx(3_700_000, rel=0.05)

    def test_smallest(self, places: Municipalities) -> None:
        """No place is smaller than the smallest real one, 166 people, and one is as small within 5 %."""
        assert 166 <= int(places.population.min()) <= 1.05 * 166

    def test_all_but_one_are_connected(self, places: Municipalities) -> None:
        """The one off the network is Yamatsuri-machi, a small town of Fukushima."""
        (index,) = np.flatnonzero(~places.connected).tolist()
        assert places.name[index] == "Yamatsuri-machi"
        assert prefectures()[int(places.prefecture[index])].name_en == "Fukushima"
        assert int(places.population[index]) < 10_000

    def test_other_places_have_generic_names(self, places: Municipalities) -> None:
        """A place that is no anchor is called by its prefecture and the number in its code."""
        anchors = {city.name_en for city in designated_cities()} | {"Yamatsuri-machi"}
        for code, name, index in zip(places.code, places.name, places.prefecture.tolist(), strict=True):
            if name not in anchors and "-ward-" not in name:
                assert name == f"{prefectures()[index].name_en}-{int(code[3:])}"

    def test_codes_and_names_are_unique(self, places: Municipalities) -> None:
        """Each place has a code and a name of its own, the code led by its prefecture's."""
        assert max(Counter(places.code).values()) == max(Counter(places.name).values()) == 1
        for code, index in zip(places.code, places.prefecture.tolist(), strict=True):
            assert code[:2] == f"{index + 1:02d}"

    def test_same_seed_same_places(self, places: Municipalities) -> None:
        """Generating anew with the same seed gives the same table."""
        again = generate.__wrapped__(0)
        assert again.name == places.name
        assert np.array_equal(again.population, places.population)

    def test_a_seed_moves_sizes_only_within_prefectures(self, places: Municipalities) -> None:
        """Another seed deals each prefecture's sizes to other places and changes nothing else."""
        other = generate(7)
        assert not np.array_equal(other.population, places.population)
        for index in range(47):
            ours, theirs = (np.sort(table.population[table.prefecture == index]) for table in (places, other))
            assert np.array_equal(ours, theirs)

    def test_numbers_do_not_follow_size(self, places: Municipalities) -> None:
        """Within a prefecture a small number says nothing about size: halves of Hokkaido are alike in people."""
        hokkaido = places.population[places.prefecture == 0][1:]
        half = len(hokkaido) // 2
        assert hokkaido[:half].sum() == pytest.approx(hokkaido.sum() / 2, rel=0.1)

    def test_arrays_are_read_only(self, places: Municipalities) -> None:
        """A hand-over between floors cannot be written to."""
        with pytest.raises(ValueError, match="read-only"):
            places.population[0] = 1


def faults_of(folder: Path, content: str | bytes) -> tuple[Fault, ...]:
    """Write a list that is wrong and give what the reader says about it."""
    path = folder / "places.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ScenarioError) as caught:
        read_csv(path)
    return caught.value.faults


def found_at(faults: tuple[Fault, ...]) -> list[tuple[int, int]]:
    """Give line and column of each fault."""
    return [(fault.position.line, fault.position.column) for fault in faults if fault.position is not None]


class TestReadCsv:
    """A planner's own list is read as text, or refused with every fault by line."""

    def read(self, folder: Path, content: str) -> Municipalities:
        """Write a list and read it."""
        path = folder / "places.csv"
        path.write_bytes(content.encode())
        return read_csv(path)

    def test_plain_list(self, tmp_path: Path) -> None:
        """Codes keep their zero, prefecture 01 is index 0, all places are connected unless said otherwise."""
        found = self.read(tmp_path, HEADER + "01100,01,Sapporo,1913000\n47201,47,Naha,320000\n")
        assert found.code == ("01100", "47201")
        assert found.name == ("Sapporo", "Naha")
        assert found.prefecture.tolist() == [0, 46]
        assert found.population.tolist() == [1_913_000, 320_000]
        assert found.connected.tolist() == [True, True]

    def test_connected_column(self, tmp_path: Path) -> None:
        """`connected` takes yes and no, and empty means yes."""
        rows = "1,01,A,5,no\n2,01,B,6,Yes\n3,01,C,7,\n"
        found = self.read(tmp_path, HEADER.strip() + ",connected\n" + rows)
        assert found.connected.tolist() == [False, True, True]

    @pytest.mark.parametrize(("columns", "name"), [("name_ja,name_en", "English"), ("name_ja,other", "日本")])
    def test_name_in_either_language(self, tmp_path: Path, columns: str, name: str) -> None:
        """Without `name`, the English name is taken, else the Japanese one; unknown columns are ignored."""
        found = self.read(tmp_path, f"code,prefecture_code,{columns},population\n1,01,日本,English,5\n")
        assert found.name == (name,)

    def test_byte_order_mark_spaces_and_line_ends(self, tmp_path: Path) -> None:
        """A spreadsheet's byte-order mark, spaces around cells, blank lines and CR LF do no harm."""
        found = self.read(tmp_path, "\ufeff" + HEADER.replace("\n", "\r\n") + "\r\n 1 , 01 ,A, 5 \r\n,,,\r\n")
        assert (found.code, found.population.tolist()) == (("1",), [5])

    def test_quoted_cells(self, tmp_path: Path) -> None:
        """A quoted name may hold a comma or a line end."""
        found = self.read(tmp_path, HEADER + '1,01,"A, the\nfirst",5\n')
        assert found.name == ("A, the\nfirst",)

    def test_all_faults_at_once_by_line_and_column(self, tmp_path: Path) -> None:
        """Every wrong cell of every row is reported in one go, at its place."""
        faults = faults_of(tmp_path, HEADER + "01100,48,A,x\n01100,01,,5\n3,01,B\n4,1,C,0\n")
        assert found_at(faults) == [(2, 7), (2, 12), (3, 1), (3, 10), (4, 1), (5, 3), (5, 7)]
        text = [fault.headline for fault in faults]
        assert "'48' is not a prefecture code; write 01 to 47" in text[0]
        assert "'x' is not a whole number; write digits only" in text[1]
        assert "01100 is already on line 2" in text[2]
        assert "this cell is empty" in text[3]
        assert "3 columns, the header has 4" in text[4]
        assert "write 01 (if a spreadsheet dropped its zero" in text[5]
        assert "population 0 is out of range" in text[6]

    def test_missing_columns_are_all_named(self, tmp_path: Path) -> None:
        """Each column that is not there is named, a near miss with what to rename."""
        faults = faults_of(tmp_path, "code,prefecture,title,populaton\n1,01,A,5\n")
        assert [fault.what for fault in faults] == [
            "there is no column 'prefecture_code'",
            "there is no column 'name'",
            "there is no column 'population'",
        ]
        assert (faults[0].cure, faults[2].cure) == ("rename 'prefecture'", "rename 'populaton'")

    def test_column_twice(self, tmp_path: Path) -> None:
        """A column that stands twice is refused rather than one of them being guessed."""
        (fault,) = faults_of(tmp_path, "code,prefecture_code,name,population,code\n1,01,A,5,2\n")
        assert "'code' stands twice" in fault.what

    @pytest.mark.parametrize("population", ["12.5", "-3", "1e5", "１２", "", "12 000", "0x1F", "1_000"])
    def test_population_is_digits(self, tmp_path: Path, population: str) -> None:
        """Only plain digits are a population."""
        (fault,) = faults_of(tmp_path, HEADER + f"1,01,A,{population}\n")
        assert "is not a whole number" in fault.what

    def test_population_with_separators(self, tmp_path: Path) -> None:
        """A spreadsheet's thousands separators are refused with the number to write."""
        (fault,) = faults_of(tmp_path, HEADER + '1,01,A,"1,941,832"\n')
        assert fault.cure == "write 1941832"

    @pytest.mark.parametrize("population", ["0", "1000000001", "9" * 5_000])
    def test_population_in_range(self, tmp_path: Path, population: str) -> None:
        """Nobody, or more people than could be, is refused."""
        (fault,) = faults_of(tmp_path, HEADER + f"1,01,A,{population}\n")
        assert "out of range" in fault.what

    def test_connected_is_yes_or_no(self, tmp_path: Path) -> None:
        """Anything but yes or no is refused."""
        (fault,) = faults_of(tmp_path, HEADER.strip() + ",connected\n1,01,A,5,maybe\n")
        assert (fault.what, fault.cure) == ("connected is 'maybe'", "write yes or no")

    @pytest.mark.parametrize("content", ["", HEADER, "\n\n", "\ufeff"])
    def test_empty(self, tmp_path: Path, content: str) -> None:
        """A file without a municipality is refused with the header to write."""
        (fault,) = faults_of(tmp_path, content)
        assert fault.what == "the list holds no municipality"
        assert HEADER.strip() in fault.cure

    def test_other_encoding(self, tmp_path: Path) -> None:
        """A list that is neither UTF-8 nor Shift-JIS is refused at the line where it shows, with both named."""
        (fault,) = faults_of(tmp_path, (HEADER + "1,01,A,5\n2,01,").encode() + b"\xff\xff,5\n")
        assert fault.position is not None
        assert fault.position.line == 3
        assert "UTF-8" in fault.what
        assert "Shift-JIS" in fault.what
        assert "UTF-8" in fault.cure

    def test_published_encoding(self, tmp_path: Path) -> None:
        """Shift-JIS, in which the national list of codes is published, gives the same places as UTF-8."""
        text = HEADER + "011002,01,札幌市,5\n472018,47,那覇市,7\n"
        (tmp_path / "a.csv").write_bytes(text.encode("cp932"))
        assert read_csv(tmp_path / "a.csv").name == ("札幌市", "那覇市")

    @pytest.mark.parametrize("code", ["011002", "131016", "271004", "472018", "130001", "012025", "231002", "401307"])
    def test_check_digits(self, code: str, tmp_path: Path) -> None:
        """Published codes of six digits are those of five; any other check digit is a mistyped code."""
        (tmp_path / "a.csv").write_text(f"{HEADER}{code},01,A,5\n", encoding="utf-8")
        assert read_csv(tmp_path / "a.csv").code == (code[:5],)
        for digit in set("0123456789") - {code[5]}:
            (fault,) = faults_of(tmp_path, f"{HEADER}{code[:5]}{digit},01,A,5\n")
            assert fault.what == f"the check digit of the code {code[:5]}{digit} is wrong"
            assert code in fault.cure

    def test_a_place_is_listed_once(self, tmp_path: Path) -> None:
        """A code with its check digit and the same without are one place."""
        (fault,) = faults_of(tmp_path, HEADER + "01100,01,A,5\n011002,01,B,5\n")
        assert "01100 is already on line 2" in fault.what

    def test_open_quotation_mark(self, tmp_path: Path) -> None:
        """A quotation mark that is never closed is reported on the line that opens it."""
        (fault,) = faults_of(tmp_path, HEADER + '1,01,A,5\n2,01,"B,5\n3,01,C,5\n')
        assert found_at((fault,)) == [(3, 1)]
        assert fault.cure == "close every quotation mark"

    def test_missing_file(self, tmp_path: Path) -> None:
        """A file that is not there is a fault with its path."""
        with pytest.raises(ScenarioError, match=r"nowhere\.csv:1:1: error: cannot read") as caught:
            read_csv(tmp_path / "nowhere.csv")
        assert caught.value.exit_code == 2

    @pytest.mark.skipif(REAL_LIST not in os.environ, reason=f"set {REAL_LIST} to a list of real municipalities")
    def test_a_real_list(self) -> None:
        """A public list of all municipalities loads, in 47 prefectures and with leading zeros kept."""
        found = read_csv(os.environ[REAL_LIST])
        assert 1_700 < len(found) < 1_800
        assert set(found.prefecture.tolist()) == set(range(47))
        assert found.code[0].startswith("0")
        assert 120e6 < found.population.sum() < 130e6
