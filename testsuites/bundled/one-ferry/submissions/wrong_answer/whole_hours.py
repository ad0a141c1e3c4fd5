# Bug: divides without a remainder.
import heapq


def fastest_route(links, start, goal):
    near = {}
    for link in links:
        if link.get("kmh") == 0:
            continue
        ferry = "hours" in link
        t = link["hours"] if ferry else link["km"] // link["kmh"]
        a, b = link["towns"]
        near.setdefault(a, []).append((t, b, ferry))
        near.setdefault(b, []).append((t, a, ferry))
    heap, done = [(0, start, 0)], set()
    while heap:
        d, town, used = heapq.heappop(heap)
        if town == goal:
            return d
        if (town, used) not in done:
            done.add((town, used))
            for t, other, ferry in near.get(town, []):
                if used + ferry <= 1:
                    heapq.heappush(heap, (d + t, other, used + ferry))
    return None
