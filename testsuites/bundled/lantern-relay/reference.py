import sys


def main():
    data = list(map(int, sys.stdin.read().split()))
    if not data or data[0] == 0:
        print("0 0")
        return
    lanterns = list(zip(data[1::2], data[2::2]))
    first = lanterns[0]
    lanterns.sort()
    left = right = lanterns.index(first)
    low, high = first[0] - first[1], first[0] + first[1]
    # What burns is always a run of neighbours in sorted order, so two ends are all there is to know.
    while True:
        if left > 0 and lanterns[left - 1][0] >= low:
            left -= 1
            x, r = lanterns[left]
        elif right + 1 < len(lanterns) and lanterns[right + 1][0] <= high:
            right += 1
            x, r = lanterns[right]
        else:
            break
        low, high = min(low, x - r), max(high, x + r)
    print(right - left + 1, lanterns[right][0] - lanterns[left][0])


main()
