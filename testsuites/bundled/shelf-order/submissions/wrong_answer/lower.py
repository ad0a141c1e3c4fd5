# Bug: lower() keeps letters apart that casefold() joins.
import re


def shelf_order(titles):
    def key(title):
        text = re.sub(r"^(the|an|a) +(?=.)", "", title.lower())
        return [(0, int(p)) if p[0] in "0123456789" else (1, ord(p)) for p in re.findall(r"[0-9]+|.", text)]

    return sorted(titles, key=key)
