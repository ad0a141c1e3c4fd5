# Bug: forgets that the last seat is next to the first.
import heapq


def seat(clubs):
    if any(n < 0 for n in clubs.values()):
        raise ValueError
    heap = [(-n, club) for club, n in clubs.items() if n]
    heapq.heapify(heap)
    table, held = [], None
    while heap:
        n, club = heapq.heappop(heap)
        table.append(club)
        if held:
            heapq.heappush(heap, held)
        held = (n + 1, club) if n + 1 else None
    return None if held else table
