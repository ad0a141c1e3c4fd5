import sys

OK, WRONG, PRESENTATION = 0, 1, 2


def main() -> int:
    with open(sys.argv[1]) as file:
        rods = list(map(int, file.read().split()))
    print(len(rods), flush=True)
    for _ in range(2 * len(rods)):
        words = sys.stdin.readline().split()
        if len(words) == 2 and words[0] == "!":
            with open(sys.argv[2], "w") as file:
                file.write(words[1] + "\n")
            return OK
        if len(words) != 3 or words[0] != "?" or not all(word.isdigit() for word in words[1:]):
            return PRESENTATION
        first, second = (int(word) - 1 for word in words[1:])
        if not (0 <= first < len(rods) and 0 <= second < len(rods)):
            return WRONG
        print("<" if rods[first] < rods[second] else ">=", flush=True)
    return WRONG


sys.exit(main())
