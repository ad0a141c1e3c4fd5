import re


def key(title):
    text = title.casefold()
    article = re.match(r"(the|an|a) +(?=.)", text, re.DOTALL)
    if article:
        text = text[article.end() :]
    pieces = re.findall(r"[0-9]+|.", text, re.DOTALL)
    return [(0, int(piece)) if piece[0] in "0123456789" else (1, ord(piece)) for piece in pieces]


def shelf_order(titles):
    return sorted(titles, key=key)
