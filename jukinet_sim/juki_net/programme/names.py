"""What the parts of one centre in place of 47 prefectures are called, here and in results."""

from __future__ import annotations

from collections.abc import Mapping

MOVED = "prefecture.moved"
"""A state of each prefecture: 1 from its move on."""
CENTRE: Mapping[str, str] = {
    "prefecture_firewall": "centre_firewall",
    "prefecture_hsm": "centre_hsm",
    "prefecture_server": "centre_server",
    "prefecture_line": "centre_line",
}
"""Which machine of the centre does the work of which of a prefecture's."""
CENTRE_CONNECTIONS = "centre_hsm_connections"
"""The pool of sessions that the security modules of the centre keep at a time."""
