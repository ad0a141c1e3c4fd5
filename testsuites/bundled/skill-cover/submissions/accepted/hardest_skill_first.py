# Some member has to bring the rarest missing skill, which leaves few people to try.
from functools import lru_cache


def smallest_crew(needed, people):
    crew = [frozenset(s & needed) for s in people.values() if s is not None]
    if not needed <= frozenset().union(*crew):
        return None
    crew = [a for a in set(crew) if not any(a < b for b in crew)]

    @lru_cache(maxsize=None)
    def best(missing):
        if not missing:
            return 0
        rarest = min(missing, key=lambda skill: sum(skill in s for s in crew))
        return 1 + min(best(missing - s) for s in crew if rarest in s)

    return best(frozenset(needed))
