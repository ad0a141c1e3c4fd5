# Bug: equal titles are ordered by their spelling.
import re


def shelf_order(titles):
    def key(title):
        text = re.sub(r"^(the|an|a) +(?=.)", "", title.casefold())
        pieces = [(0, int(p)) if p[0] in "0123456789" else (1, ord(p)) for p in re.findall(r"[0-9]+|.", text)]
        return pieces, title

    return sorted(titles, key=key)
