# Bug: accepts units in any order, and more than once.
import re

UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}


def parse_duration(text):
    if not re.fullmatch(r" *-?([0-9]+[dhmsDHMS] *)+", text):
        raise ValueError(text)
    total = sum(int(n) * UNITS[u.lower()] for n, u in re.findall(r"([0-9]+)([dhmsDHMS])", text))
    return -total if text.strip().startswith("-") else total


def format_duration(seconds):
    sign, left, out = "-" if seconds < 0 else "", abs(seconds), ""
    for letter, unit in UNITS.items():
        if left // unit:
            out += f"{left // unit}{letter}"
        left %= unit
    return sign + (out or "0s")
