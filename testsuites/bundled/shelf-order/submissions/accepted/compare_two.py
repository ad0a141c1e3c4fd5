from functools import cmp_to_key


def strip_article(text):
    first, space, rest = text.partition(" ")
    return rest.lstrip(" ") if first in ("the", "a", "an") and rest.strip(" ") else text


def compare(a, b):
    i = j = 0
    while i < len(a) and j < len(b):
        number_a, number_b = "0" <= a[i] <= "9", "0" <= b[j] <= "9"
        if number_a and number_b:
            x = y = 0
            while i < len(a) and "0" <= a[i] <= "9":
                x = 10 * x + int(a[i])
                i += 1
            while j < len(b) and "0" <= b[j] <= "9":
                y = 10 * y + int(b[j])
                j += 1
            if x != y:
                return -1 if x < y else 1
        elif number_a or number_b:
            return -1 if number_a else 1
        elif a[i] != b[j]:
            return -1 if a[i] < b[j] else 1
        else:
            i += 1
            j += 1
    return (i < len(a)) - (j < len(b))


class Solution:
    def shelf_order(self, titles):
        prepared = [(strip_article(title.casefold()), title) for title in titles]
        prepared.sort(key=cmp_to_key(lambda p, q: compare(p[0], q[0])))
        return [title for _, title in prepared]
