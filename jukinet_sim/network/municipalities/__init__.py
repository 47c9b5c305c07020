"""Municipalities: a table of places, generated from published anchors or read from a planner's own CSV."""

from jukinet_sim.network.municipalities.csv_file import COLUMNS, bare_code, read_csv
from jukinet_sim.network.municipalities.generated import generate
from jukinet_sim.network.municipalities.spread import kiosk_ranks, thinned
from jukinet_sim.network.municipalities.table import Municipalities

__all__ = ["COLUMNS", "Municipalities", "bare_code", "generate", "kiosk_ranks", "read_csv", "thinned"]
