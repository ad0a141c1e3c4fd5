import heapq


def fastest_route(links, start, goal):
    leaving = {}
    for link in links:
        ferry = "hours" in link
        if not ferry and link["kmh"] == 0:
            continue
        hours = link["hours"] if ferry else link["km"] / link["kmh"]
        a, b = link["towns"]
        leaving.setdefault(a, []).append((b, hours, ferry))
        leaving.setdefault(b, []).append((a, hours, ferry))
    done = set()
    queue = [(0.0, start, False)]
    while queue:
        hours, town, used = heapq.heappop(queue)
        if town == goal:
            return hours
        if (town, used) in done:
            continue
        done.add((town, used))
        for other, more, ferry in leaving.get(town, []):
            if not (used and ferry):
                heapq.heappush(queue, (hours + more, other, used or ferry))
    return None
