# Too slow: tries all crews of one person, then of two, and so on.
from itertools import combinations


def smallest_crew(needed, people):
    able = [s for s in people.values() if s is not None]
    for size in range(len(able) + 1):
        for crew in combinations(able, size):
            if needed <= set().union(*crew):
                return size
    return None
