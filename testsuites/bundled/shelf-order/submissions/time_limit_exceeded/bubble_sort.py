# Too slow: bubble sort, and the key of both titles is worked out for every comparison.
import re


def key(title):
    text = re.sub(r"^(the|an|a) +(?=.)", "", title.casefold())
    return [(0, int(p)) if p[0] in "0123456789" else (1, ord(p)) for p in re.findall(r"[0-9]+|.", text)]


def shelf_order(titles):
    titles = list(titles)
    changed = True
    while changed:
        changed = False
        for i in range(len(titles) - 1):
            if key(titles[i]) > key(titles[i + 1]):
                titles[i], titles[i + 1] = titles[i + 1], titles[i]
                changed = True
    return titles
