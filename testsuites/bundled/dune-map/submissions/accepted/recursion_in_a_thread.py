import sys
import threading


def main():
    h, w = map(int, sys.stdin.readline().split())
    grid = [list(sys.stdin.readline().strip()) for _ in range(h)]

    def flood(r, c):
        grid[r][c] = "#"
        size = 1
        for y, x in ((r - 1, c), (r + 1, c), (r, (c - 1) % w), (r, (c + 1) % w)):
            if 0 <= y < h and grid[y][x] == ".":
                size += flood(y, x)
        return size

    sizes = [flood(r, c) for r in range(h) for c in range(w) if grid[r][c] == "."]
    sizes.sort(reverse=True)
    print(len(sizes))
    print(*sizes)


sys.setrecursionlimit(1 << 20)
threading.stack_size(128 << 20)
worker = threading.Thread(target=main)
worker.start()
worker.join()
