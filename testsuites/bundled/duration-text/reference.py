import re

TEXT = re.compile(r" *(-?)(?:([0-9]+)d *)?(?:([0-9]+)h *)?(?:([0-9]+)m *)?(?:([0-9]+)s *)?", re.IGNORECASE | re.ASCII)
UNITS = (86400, 3600, 60, 1)


def parse_duration(text):
    match = TEXT.fullmatch(text)
    if match is None or not any(match.groups()[1:]):
        raise ValueError("not a duration")
    seconds = sum(int(number) * unit for number, unit in zip(match.groups()[1:], UNITS) if number)
    return -seconds if match[1] else seconds


def format_duration(seconds):
    left = abs(seconds)
    parts = []
    for unit, letter in zip(UNITS, "dhms"):
        number, left = divmod(left, unit)
        if number:
            parts.append(f"{number}{letter}")
    return ("-" if seconds < 0 else "") + ("".join(parts) or "0s")
