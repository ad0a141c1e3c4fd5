# Crashes when a number meets a letter: integers and strings do not compare.
import re


def shelf_order(titles):
    def key(title):
        text = re.sub(r"^(the|an|a) +(?=.)", "", title.casefold())
        return [int(p) if p[0] in "0123456789" else p for p in re.findall(r"[0-9]+|.", text)]

    return sorted(titles, key=key)
