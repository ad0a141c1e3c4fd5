import sys
import threading

sys.setrecursionlimit(100000)
threading.stack_size(64 * 1024 * 1024)


def main():
    length = int(input())
    planks = sorted(set(map(int, input().split())))
    memo = {}

    def ways(left, last):
        if left == 0:
            return 1
        if (left, last) not in memo:
            memo[left, last] = sum([ways(left - p, p) for p in planks if p != last and p <= left])
        return memo[left, last]

    print(ways(length, 0))


thread = threading.Thread(target=main)
thread.start()
thread.join()
