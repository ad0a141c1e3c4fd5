from collections import defaultdict

INF = float("inf")


def fastest_route(links, start, goal):
    dry = defaultdict(lambda: INF, {start: 0.0})
    wet = defaultdict(lambda: INF, {start: 0.0})
    changed = True
    while changed:
        changed = False
        for link in links:
            a, b = link["towns"]
            for x, y in ((a, b), (b, a)):
                if "hours" in link:
                    options = [(wet, dry[x] + link["hours"])]
                elif link["kmh"]:
                    t = link["km"] / link["kmh"]
                    options = [(dry, dry[x] + t), (wet, wet[x] + t)]
                else:
                    continue
                for table, value in options:
                    if value < table[y]:
                        table[y] = value
                        changed = True
    best = min(dry[goal], wet[goal])
    print("best", best)
    return None if best == INF else best
