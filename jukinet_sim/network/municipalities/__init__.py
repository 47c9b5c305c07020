"""Municipalities: a table of places, generated from published anchors or read from a planner's own CSV."""

from jukinet_sim.network.municipalities.csv_file import read_csv
from jukinet_sim.network.municipalities.generated import generate
from jukinet_sim.network.municipalities.table import Municipalities

__all__ = ["Municipalities", "generate", "read_csv"]
