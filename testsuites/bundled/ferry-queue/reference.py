import sys


def main():
    deck, period, n, *rest = map(int, sys.stdin.read().split())
    departure = space = crossings = 0
    for arrival, metres in zip(rest[0::2], rest[1::2]):
        if metres > deck:
            print("never")
            continue
        first = max(1, -(-arrival // period)) * period
        if first > departure:
            departure, space, crossings = first, deck, crossings + 1
        elif metres > space:
            departure, space, crossings = departure + period, deck, crossings + 1
        space -= metres
        print(departure)
    print(crossings)


main()
