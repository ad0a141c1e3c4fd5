def hub(n, paths):
    near = {hut: [] for hut in range(n)}
    for a, b in paths:
        near[a].append(b)
        near[b].append(a)

    def farthest(start):
        parent = {start: None}
        for hut in (order := [start]):
            for other in near[hut]:
                if other not in parent:
                    parent[other] = hut
                    order.append(other)
        return order[-1], parent

    one, _ = farthest(0)
    two, parent = farthest(one)
    longest = []
    while two is not None:
        longest.append(two)
        two = parent[two]
    return longest[len(longest) // 2]
