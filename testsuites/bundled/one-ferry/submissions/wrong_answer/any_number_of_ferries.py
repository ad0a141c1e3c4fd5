# Bug: takes as many ferries as it likes.
import heapq


def fastest_route(links, start, goal):
    near = {}
    for link in links:
        if link.get("kmh") == 0:
            continue
        t = link["hours"] if "hours" in link else link["km"] / link["kmh"]
        a, b = link["towns"]
        near.setdefault(a, []).append((t, b))
        near.setdefault(b, []).append((t, a))
    heap, done = [(0.0, start)], set()
    while heap:
        d, town = heapq.heappop(heap)
        if town == goal:
            return d
        if town not in done:
            done.add(town)
            for t, other in near.get(town, []):
                heapq.heappush(heap, (d + t, other))
    return None
