import sys


def main():
    first, *rows = sys.stdin.read().split("\n")
    h, w = map(int, first.split())
    sand = {(r, c) for r in range(h) for c in range(w) if rows[r][c] == "."}
    sizes = []
    while sand:
        todo = [sand.pop()]
        size = 0
        while todo:
            r, c = todo.pop()
            size += 1
            for cell in ((r - 1, c), (r + 1, c), (r, (c - 1) % w), (r, (c + 1) % w)):
                if cell in sand:
                    sand.remove(cell)
                    todo.append(cell)
        sizes.append(size)
    print(len(sizes))
    if sizes:
        print(*sorted(sizes, reverse=True))


main()
