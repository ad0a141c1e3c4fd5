# Crashes with TypeError when a unit is missing: int(None).
import re


def parse_duration(text):
    m = re.fullmatch(r" *(-?)(?:([0-9]+)[dD] *)?(?:([0-9]+)[hH] *)?(?:([0-9]+)[mM] *)?(?:([0-9]+)[sS] *)?", text)
    if not m or not any(m.groups()[1:]):
        raise ValueError(text)
    d, h, mi, s = map(int, m.groups()[1:])
    total = ((d * 24 + h) * 60 + mi) * 60 + s
    return -total if m[1] else total


def format_duration(seconds):
    sign, left, out = "-" if seconds < 0 else "", abs(seconds), ""
    for letter, unit in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        if left // unit:
            out += f"{left // unit}{letter}"
        left %= unit
    return sign + (out or "0s")
