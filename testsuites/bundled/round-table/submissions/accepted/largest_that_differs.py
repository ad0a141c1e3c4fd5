import heapq


def seat(clubs):
    if min(clubs.values(), default=0) < 0:
        raise ValueError("negative")
    total = sum(clubs.values())
    if total == 1:
        return [club for club in clubs if clubs[club]]
    heap = [[-n, club] for club, n in clubs.items() if n]
    heapq.heapify(heap)
    if heap and -2 * heap[0][0] > total:
        return None
    table = []
    first = heap[0][1] if heap else None
    while heap:
        entry = heapq.heappop(heap)
        if table and entry[1] == table[-1]:
            other = heapq.heappop(heap)
            heapq.heappush(heap, entry)
            entry = other
        elif heap and heap[0][0] == entry[0] and heap[0][1] == first and table and table[-1] != first:
            # Of two equally large clubs the one that holds the first seat goes before, so that it does not come last.
            other = heapq.heappop(heap)
            heapq.heappush(heap, entry)
            entry = other
        table.append(entry[1])
        entry[0] += 1
        if entry[0]:
            heapq.heappush(heap, entry)
    return table
