# Bug: minimises the sum of the distances, not the largest distance.
from collections import deque


def hub(n, paths):
    near = [[] for _ in range(n)]
    for a, b in paths:
        near[a].append(b)
        near[b].append(a)
    parent, order = [-1] * n, [0]
    for hut in order:
        for other in near[hut]:
            if other != parent[hut]:
                parent[other] = hut
                order.append(other)
    size, total = [1] * n, [0] * n
    for hut in reversed(order[1:]):
        size[parent[hut]] += size[hut]
        total[parent[hut]] += total[hut] + size[hut]
    for hut in order[1:]:
        total[hut] = total[parent[hut]] + n - 2 * size[hut]
    return total.index(min(total))
