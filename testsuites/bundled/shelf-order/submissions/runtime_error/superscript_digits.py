# Crashes on a character such as ² that isdigit() takes and int() does not.
import re


def shelf_order(titles):
    def key(title):
        text = re.sub(r"^(the|an|a) +(?=.)", "", title.casefold())
        pieces, number = [], ""
        for letter in text:
            if letter.isdigit():
                number += letter
                continue
            if number:
                pieces.append((0, int(number)))
                number = ""
            pieces.append((1, ord(letter)))
        if number:
            pieces.append((0, int(number)))
        return pieces

    return sorted(titles, key=key)
