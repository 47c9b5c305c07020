"""Where a scenario describes each machine of the equipment: its key below `juki_net`."""

from __future__ import annotations

from collections.abc import Mapping

KEYS: Mapping[str, str] = {
    "municipal_firewall": "municipality.firewall",
    "cs": "municipality.cs",
    "network_firewall": "municipality.network_firewall",
    "cs_line": "municipality.line",
    "cs_line_in": "municipality.line",
    "prefecture_firewall": "prefecture.firewall",
    "prefecture_hsm": "prefecture.hsm",
    "prefecture_server": "prefecture.server",
    "prefecture_line": "prefecture.line",
    "national_firewall": "nation.network_firewall",
    "national_hsm": "nation.hsm",
    "national_database": "nation.database",
    "provision_server": "nation.provision",
    "agency_firewall": "nation.agency_firewall",
}
"""By the name of the station; that of a further machine is `stations.NAME`."""
