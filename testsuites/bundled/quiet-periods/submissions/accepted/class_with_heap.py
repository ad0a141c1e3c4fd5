import heapq
from typing import List, Tuple


class Solution:
    def quiet_periods(self, bookings: List[Tuple[int, int]], rooms: int, needed: int, day: Tuple[int, int]):
        opens, closes = day
        running = []
        result = []

        def add(a, b):
            a, b = max(a, opens), min(b, closes)
            if a < b and rooms - len(running) >= needed:
                if result and result[-1][1] == a:
                    a = result.pop()[0]
                result.append((a, b))

        here = opens
        for start, end in sorted(bookings):
            if start == end:
                continue
            while running and running[0] <= start:
                add(here, running[0])
                here = max(here, heapq.heappop(running))
            add(here, start)
            here = max(here, start)
            heapq.heappush(running, end)
        while running:
            add(here, running[0])
            here = max(here, heapq.heappop(running))
        add(here, closes)
        return result
