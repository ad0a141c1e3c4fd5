import sys

ACCEPTED, WRONG = 42, 43


def main() -> int:
    assert sys.argv[4:] == ["turns"]
    with open(sys.argv[1]) as file:
        size, position, turns = map(int, file.read().split())
    print(size, turns, flush=True)
    for _ in range(turns):
        word = sys.stdin.readline().strip()
        if not (word.isascii() and word.isdigit() and len(word) <= 10):
            return WRONG
        if int(word) == position:
            print("open", flush=True)
            return WRONG if sys.stdin.read().split() else ACCEPTED
        print("right" if int(word) < position else "left", flush=True)
    return WRONG


sys.exit(main())
