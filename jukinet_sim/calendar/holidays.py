"""Public holidays of Japan: the years around the programme from a table, all others from the library jpholiday.

The library tries all its rules on every date asked, which for one fiscal year takes a tenth of a second; a test holds
the table to it. Dates: the Cabinet Office's list of national holidays (kokumin no shukujitsu) [published].
"""

from __future__ import annotations

import datetime as dt

_IN_YEAR = {
    2011: "0101 0110 0211 0321 0429 0503 0504 0505 0718 0919 0923 1010 1103 1123 1223",
    2012: "0101 0102 0109 0211 0320 0429 0430 0503 0504 0505 0716 0917 0922 1008 1103 1123 1223 1224",
    2013: "0101 0114 0211 0320 0429 0503 0504 0505 0506 0715 0916 0923 1014 1103 1104 1123 1223",
    2014: "0101 0113 0211 0321 0429 0503 0504 0505 0506 0721 0915 0923 1013 1103 1123 1124 1223",
    2015: "0101 0112 0211 0321 0429 0503 0504 0505 0506 0720 0921 0922 0923 1012 1103 1123 1223",
    2016: "0101 0111 0211 0320 0321 0429 0503 0504 0505 0718 0811 0919 0922 1010 1103 1123 1223",
}
"""Month and day of each holiday, substitutes for Sundays included."""
_KNOWN = frozenset(f"{year}{day}" for year, days in _IN_YEAR.items() for day in days.split())


def is_public_holiday(date: dt.date) -> bool:
    """Tell whether a date is a national holiday, a substitute for one, or a day between two."""
    if date.year in _IN_YEAR:
        return f"{date:%Y%m%d}" in _KNOWN
    import jpholiday  # imported late: it is asked only outside the table

    return jpholiday.is_holiday(date)
