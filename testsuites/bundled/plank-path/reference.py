import sys


def main():
    length, *planks = map(int, sys.stdin.read().split())
    kinds = set(planks)
    total = [1] + [0] * length
    ending = {kind: [0] * (length + 1) for kind in kinds}
    for here in range(1, length + 1):
        for kind in kinds:
            if kind <= here:
                ending[kind][here] = total[here - kind] - ending[kind][here - kind]
                total[here] += ending[kind][here]
    print(total[length])


main()
