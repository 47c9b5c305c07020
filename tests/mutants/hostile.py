"""Values that no scenario should hold, by kind; a mutant gets one in place of what stood there."""

from __future__ import annotations

NUMBERS = (
    "0", "-0", "-1", "1", "0.1", "1e-5", "3e-16", "1e-300", "1e-308", "5e-324", "1e-400", "99", "1e3", "65536", "1e6", "1e9",
    "2147483648", "999999999999999", "1e15", "1e16", "9223372036854775807", "9223372036854775808", "18446744073709551616",
    "1e40", "1e154", "1e308", "1.7976931348623157e308", "1e309", "1e999", "nan", "NaN", ".nan", "inf", "-inf", ".inf", "0x10",
    "1_000", "1,000", "0,5", "1/3", "٣", "１２", "1e", "+5", "--1", "1.2.3", "0o17", "1" * 60, "0." + "0" * 60 + "1",
)  # fmt: skip
LEGAL = (
    "0", "1", "2", "7", "0.5", "0.001", "1e-6", "1e-12", "1e-15", "33", "100", "1000", "65536", "1e6", "1e9", "1e12", "1e15",
)  # fmt: skip
"""Numbers that a file may hold, at the edges of what makes sense."""
UNITS = ("", "ns", "us", "ms", "s", "min", "h", "d", "/s", "/min", "/h", "/d", "B", "KiB", "GB", "bit/s", "Gbit/s", "%", "kg")
TEXTS = (
    "", " ", "~", "null", "true", "no", "\x00", "a\x00b", "\n", "\t", "a\nb", "\x1b[2J", "\x1b]0;owned\x07", "\x7f", "\x80",
    "\x85", "\x9b31m", "\u200e", "\u202e", "\u2028", "\u2066", "\ud800", "\udfff", "\ufeff", "\ufffe", "\U0010ffff", "é",
    "漢字", "漢" * 100, "a" * 101, "a" * 300, "x" * 5000, "..", ".", "../x.csv", "/", "/etc/hostname", "/dev/null", "a/b", "-",
    "*", "&a", "!!float 1", "<<", "{", "[", "'", '"', "%", "#", ": ", "exit", "done", "auto", "none", "unlimited", "worst",
    "uniform", "office-hours", "business hours", "generated", "reported", "tiny.yaml", "fy2012.yaml", "towns.csv",
    "2012-02-30", "2012-13-01", "0001-01-01", "1868-01-01", "2099-12-31", "2100-01-01", "9999-12-31", "2012-04-01",
    "2012-11-14 09:00", "0001-01-01 00:00", "9999-12-31 23:59", "10-10-10", "12:00", "24:00",
)  # fmt: skip
BYTES = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xc3", b"\xed\xa0\x80", b"\xc2\x9b", b"\xe2\x80\xae", b"\x1b[2J", b"\t",
    b"\r", b"\r\n", b"\n\n", b"\x0c", b"\x82\xa0", b"\x1a", b": ", b"- ", b"{", b"}", b"[", b"]", b"[" * 80, b"{a: " * 80,
    b"'", b'"', b"#", b"&a ", b"*a", b"!!set ", b"<<: ", b"---\n", b"...\n", b"%YAML 1.2\n", b"? ", b"|\n", b">\n", b",", b";",
    b"~", b"0", b"9" * 30, b"e400", b"-", b"%", b"\\", b"\\x1b", b"\\0", b"\\u202e", b"\\ud800", b"a" * 140_000,
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp932", "latin-1", "euc_jp", "iso2022_jp", "utf-7")
LINE_ENDS = ("\n", "\r\n", "\r", "\n\r", "\n\n", "\x85", "\u2028", "\x0b", "\x0c", "")
SEPARATORS = (",", ";", "\t", ", ", "|", "、", "")
