"""Measure how fast this interpreter runs on this machine: ``python -S -s -P -B -X utf8 sandbox/inside/speed.py``.

Prints the least processor time that a fixed piece of work took, in nanoseconds. It is of the kinds that programs are
made of: dictionaries, texts, integers, floating point, calls, objects, sorting, lists of lists. The least of many short
repeats is what the work costs when nobody disturbs it, and so hardly depends on what else the machine does.
"""

import math
import time

_REPEATS = 60


class _Point:
    __slots__ = ("x", "y")

    def __init__(self, x: int, y: int) -> None:
        self.x = x
        self.y = y

    def length(self) -> float:
        return math.sqrt(self.x * self.x + self.y * self.y)


def _work() -> float:
    table: dict[str, int] = {}
    for number in range(2000):
        key = f"k{number * 7919 % 1009}"
        table[key] = table.get(key, 0) + number
    total = 0
    for number in range(6000):
        total = (total * 31 + number) % 1_000_003
    lengths = sum(_Point(number, number + 1).length() for number in range(1500))
    words = sorted(table, key=lambda word: (table[word], word))
    grid = [[row * column % 7 for column in range(40)] for row in range(40)]
    columns: list[int] = [sum(column) for column in zip(*grid, strict=True)]
    return total + lengths + len(" ".join(words).split()) + max(columns)


def _measure() -> int:
    times = []
    for _ in range(_REPEATS):
        start = time.process_time_ns()
        _work()
        times.append(time.process_time_ns() - start)
    return min(times)


if __name__ == "__main__":
    print(_measure())
