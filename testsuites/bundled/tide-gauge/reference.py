import sys
from itertools import accumulate


def fill(readings):
    known = [i for i, word in enumerate(readings) if word != "?"]
    levels = [0.0] * len(readings)
    for i in known:
        levels[i] = float(readings[i])
    for i in range(known[0]):
        levels[i] = levels[known[0]]
    for i in range(known[-1] + 1, len(readings)):
        levels[i] = levels[known[-1]]
    for before, after in zip(known, known[1:]):
        slope = (levels[after] - levels[before]) / (after - before)
        for i in range(before + 1, after):
            levels[i] = levels[before] + slope * (i - before)
    return levels


def main():
    words = sys.stdin.read().split()
    n, q = int(words[0]), int(words[1])
    readings = words[2 : 2 + n]
    ends = list(map(int, words[2 + n :]))
    lost = readings.count("?")
    sums = None if lost == n else [0.0, *accumulate(fill(readings))]
    for k in range(q):
        a, b = sorted(ends[2 * k : 2 * k + 2])
        print("unknown" if sums is None else (sums[b] - sums[a - 1]) / (b - a + 1))
    print(lost)


main()
