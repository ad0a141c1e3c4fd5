# Bug: divides negative numbers rounding down, so -1 becomes -1 day and 23:59:59.
import re


def parse_duration(text):
    m = re.fullmatch(r" *(-?)(?:([0-9]+)[dD] *)?(?:([0-9]+)[hH] *)?(?:([0-9]+)[mM] *)?(?:([0-9]+)[sS] *)?", text)
    if not m or not any(m.groups()[1:]):
        raise ValueError(text)
    d, h, mi, s = (int(g or 0) for g in m.groups()[1:])
    total = ((d * 24 + h) * 60 + mi) * 60 + s
    return -total if m[1] else total


def format_duration(seconds):
    d, rest = divmod(seconds, 86400)
    h, rest = divmod(rest, 3600)
    m, s = divmod(rest, 60)
    return "".join(f"{n}{u}" for n, u in ((d, "d"), (h, "h"), (m, "m"), (s, "s")) if n) or "0s"
