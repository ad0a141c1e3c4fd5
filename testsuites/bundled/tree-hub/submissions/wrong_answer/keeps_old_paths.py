# Bug: the map is global, so the paths of earlier calls stay in it.
from collections import defaultdict

near = defaultdict(set)


def hub(n, paths):
    for a, b in paths:
        near[a].add(b)
        near[b].add(a)
    best = None
    for start in range(n):
        distance = {start: 0}
        for hut in (order := [start]):
            for other in near[hut]:
                if other not in distance:
                    distance[other] = distance[hut] + 1
                    order.append(other)
        if best is None or distance[order[-1]] < best[0]:
            best = (distance[order[-1]], start)
    return best[1]
