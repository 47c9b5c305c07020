"""Municipalities: a table of places, generated from published anchors or read from a planner's own CSV."""

from jukinet_sim.juki_net.places.csv_file import COLUMNS, read_csv
from jukinet_sim.juki_net.places.generated import generate
from jukinet_sim.juki_net.places.spread import kiosk_ranks, thinned
from jukinet_sim.juki_net.places.table import Municipalities

__all__ = ["COLUMNS", "Municipalities", "generate", "kiosk_ranks", "read_csv", "thinned"]
