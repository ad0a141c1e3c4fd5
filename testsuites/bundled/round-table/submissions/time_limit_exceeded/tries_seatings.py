# Too slow: tries seat after seat and takes back what fails, which never ends when there is no seating.
import sys


def seat(clubs):
    if any(n < 0 for n in clubs.values()):
        raise ValueError
    sys.setrecursionlimit(10000)
    left = {club: n for club, n in clubs.items() if n}
    total = sum(left.values())
    table = []

    def fill():
        if len(table) == total:
            return total < 2 or table[0] != table[-1]
        for club in left:
            if left[club] and (not table or table[-1] != club):
                left[club] -= 1
                table.append(club)
                if fill():
                    return True
                table.pop()
                left[club] += 1
        return False

    return table if fill() else None
