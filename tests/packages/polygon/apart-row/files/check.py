import sys

OK, WRONG, PRESENTATION, FAIL = 0, 1, 2, 3


def main() -> int:
    given, output, answer = ([*open(path)] for path in sys.argv[1:4])
    size = int(given[0])
    expected = " ".join(answer).split()
    if expected != ["-1"] and sorted(map(int, expected)) != list(range(1, size + 1)):
        return FAIL
    words = " ".join(output).split()
    if not all(word.lstrip("-").isdigit() and word.isascii() for word in words):
        return PRESENTATION
    if words == ["-1"] or expected == ["-1"]:
        return OK if words == expected else WRONG
    numbers = list(map(int, words))
    if sorted(numbers) != list(range(1, size + 1)):
        return WRONG
    return OK if all(abs(a - b) > 1 for a, b in zip(numbers, numbers[1:])) else WRONG


sys.exit(main())
