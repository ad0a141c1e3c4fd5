# Bug: compares numbers as text, so 10 comes before 9.
import re


def shelf_order(titles):
    return sorted(titles, key=lambda title: re.sub(r"^(the|an|a) +(?=.)", "", title.casefold()))
