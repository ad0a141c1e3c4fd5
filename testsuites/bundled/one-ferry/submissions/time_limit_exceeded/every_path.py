# Too slow: follows every path that visits no town twice.
def fastest_route(links, start, goal):
    near = {}
    for link in links:
        if link.get("kmh") == 0:
            continue
        ferry = "hours" in link
        t = link["hours"] if ferry else link["km"] / link["kmh"]
        a, b = link["towns"]
        near.setdefault(a, []).append((b, t, ferry))
        near.setdefault(b, []).append((a, t, ferry))
    best = None
    on_path = set()

    def walk(town, hours, used):
        nonlocal best
        if town == goal:
            if best is None or hours < best:
                best = hours
            return
        on_path.add(town)
        for other, t, ferry in near.get(town, []):
            if other not in on_path and not (used and ferry):
                walk(other, hours + t, used or ferry)
        on_path.remove(town)

    walk(start, 0.0, False)
    return best
