"""What is dealt out evenly over the municipalities: card holders, kiosks, and which places a smaller nation keeps."""

from __future__ import annotations

import numpy as np
import pytest

from jukinet_sim.base.errors import UsageError
from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.places.generated import generate
from jukinet_sim.juki_net.places.spread import CARD_SIGMA, kiosk_ranks, thinned
from jukinet_sim.juki_net.places.table import Municipalities


@pytest.fixture(scope="module")
def places() -> Municipalities:
    """Give the generated municipalities of FY2012."""
    return generate()


def shares(places: Municipalities) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Give the card shares, which generated places have."""
    assert places.card_share is not None
    return places.card_share


class TestCardHolders:
    """Ownership is uneven, and its total is the reported one."""

    def test_holders_are_the_reported_ones(self, places: Municipalities) -> None:
        """Shares times residents add up to the 6,560,000 cards of 2012-03-31."""
        assert float(shares(places) @ places.population) == pytest.approx(6_560_000, abs=1.0)

    def test_mean_is_the_reported_one(self, places: Municipalities) -> None:
        """The mean over residents is the 5.1 % that the report prints, cut after one decimal."""
        mean = float(np.average(shares(places), weights=places.population))
        assert int(1_000 * mean) / 10 == facts.number("juki_card_share_percent")

    def test_spread_is_the_assumed_one(self, places: Municipalities) -> None:
        """Logarithms of the shares of places without a real name spread by the assumed sigma."""
        cities = {city.name_en for city in facts.designated_cities()}
        generic = places.connected & np.array([name not in cities for name in places.name])
        assert float(np.log(shares(places)[generic]).std()) == pytest.approx(CARD_SIGMA, rel=0.01)

    def test_the_highest_is_near_the_highest_published(self, places: Municipalities) -> None:
        """The highest share is about the 45 % published for Miyazaki, and none is above."""
        assert float(shares(places).max()) == pytest.approx(0.45, rel=0.05)

    def test_nothing_is_claimed_of_real_cities(self, places: Municipalities) -> None:
        """Designated cities have the mean of the connected nation."""
        mean = 6_560_000 / int(places.population[places.connected].sum())
        for city in facts.designated_cities():
            assert shares(places)[places.name.index(city.name_en)] == pytest.approx(mean)

    def test_a_place_off_the_network_has_none(self, places: Municipalities) -> None:
        """Cards are issued over the network."""
        assert shares(places)[~places.connected].tolist() == [0.0]

    def test_size_does_not_decide(self, places: Municipalities) -> None:
        """Every tenth of the places by size has the same mean share, within 10 %."""
        ranked = shares(places)[places.by_size()]
        means = [part.mean() for part in np.array_split(ranked, 10)]
        assert means == pytest.approx([ranked.mean()] * 10, rel=0.1)


class TestKiosks:
    """Places with kiosks are spread over the larger half of those on the network."""

    @pytest.mark.parametrize("count", [0, 1, 61, 71, 870, 1_741])
    def test_so_many_are_picked(self, places: Municipalities, count: int) -> None:
        """As many as asked for take part, all of them on the network."""
        picked = kiosk_ranks(places, count)
        assert int(picked.sum()) == count
        assert not (picked & ~places.connected).any()

    def test_they_belong_to_the_larger_half(self, places: Municipalities) -> None:
        """None of 71 is smaller than the median."""
        assert places.population[kiosk_ranks(places, 71)].min() >= np.median(places.population)

    def test_they_are_spread_evenly(self, places: Municipalities) -> None:
        """Each tenth of the larger half by size has about a tenth of 61: five to eight."""
        picked = kiosk_ranks(places, 61)[places.by_size()][: len(places) // 2]
        assert {int(part.sum()) for part in np.array_split(picked, 10)} <= {5, 6, 7, 8}

    def test_who_takes_part_goes_on_taking_part(self, places: Municipalities) -> None:
        """The 61 of March 2013 are among the 71 of September."""
        assert not (kiosk_ranks(places, 61) & ~kiosk_ranks(places, 71)).any()

    def test_their_residents_hold_cards_as_others_do(self, places: Municipalities) -> None:
        """Taking part says nothing about card holding: the mean share of 71 is the nation's within 10 %."""
        assert shares(places)[kiosk_ranks(places, 71)].mean() == pytest.approx(shares(places).mean(), rel=0.1)

    def test_more_than_there_are(self, places: Municipalities) -> None:
        """A count beyond the list gives all that are on the network."""
        assert np.array_equal(kiosk_ranks(places, 10_000), places.connected)

    def test_a_negative_count(self, places: Municipalities) -> None:
        """A negative count is refused."""
        with pytest.raises(UsageError, match="give a count of 0 or more"):
            kiosk_ranks(places, -1)


class TestThinned:
    """A smaller nation keeps the shape of the size distribution."""

    def test_every_one_is_the_list_itself(self, places: Municipalities) -> None:
        """Keeping every municipality changes nothing."""
        assert thinned(places, 1) is places

    @pytest.mark.parametrize("every", [2, 5, 10, 20])
    def test_people_shrink_in_proportion(self, places: Municipalities, every: int) -> None:
        """The total is one N-th of the nation's within 5 %, the number of places within one."""
        kept = thinned(places, every)
        assert int(kept.population.sum()) == pytest.approx(126_659_683 / every, rel=0.05)
        assert abs(len(kept) - 1_742 / every) < 1.0

    def test_quantiles_stay(self, places: Municipalities) -> None:
        """Quartiles and tenths of sizes of a twentieth are those of the nation within 5 %."""
        levels = [0.1, 0.25, 0.5, 0.75, 0.9]
        kept = np.quantile(thinned(places, 20).population, levels)
        assert kept == pytest.approx(np.quantile(places.population, levels), rel=0.05)

    def test_one_rank_in_each_stretch(self, places: Municipalities) -> None:
        """By size, exactly one of every 20 is kept: the tenth of them."""
        kept = set(thinned(places, 20).code)
        assert [places.code[row] in kept for row in places.by_size()] == [rank % 20 == 9 for rank in range(1_742)]

    def test_rows_keep_their_order_and_all_their_columns(self, places: Municipalities) -> None:
        """A place that is kept has the values it had, and stands where it stood among the others."""
        kept = thinned(places, 20)
        rows = [places.code.index(code) for code in kept.code]
        assert rows == sorted(rows)
        for ours, theirs in (
            (kept.population, places.population),
            (kept.prefecture, places.prefecture),
            (kept.connected, places.connected),
            (shares(kept), shares(places)),
        ):
            assert np.array_equal(ours, theirs[rows])
        assert kept.name == tuple(places.name[row] for row in rows)
        assert kept.terminals is None

    def test_ties_go_by_code(self) -> None:
        """Of places of one size the order of their codes decides, not that of the list."""
        places = Municipalities.from_columns(["3", "1", "2"], list("CAB"), [0] * 3, [7] * 3, [True] * 3)
        assert thinned(places, 3).code == ("2",)

    @pytest.mark.parametrize("every", [1_743, 4_000, 10**9])
    def test_more_than_the_list_leaves_one(self, places: Municipalities, every: int) -> None:
        """A step beyond the list keeps one municipality."""
        assert len(thinned(places, every)) == 1

    @pytest.mark.parametrize("every", [0, -3])
    def test_no_step(self, places: Municipalities, every: int) -> None:
        """Steps below 1 are refused."""
        with pytest.raises(UsageError, match="give a number of 1 or more"):
            thinned(places, every)
