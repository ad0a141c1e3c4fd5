import sys

ACCEPTED, WRONG = 42, 43


def main() -> int:
    given, answer, feedback, *flags = sys.argv[1:]
    assert flags == ["shown_as", "indices"] and feedback.endswith("/")
    with open(given) as file:
        count, *coins = map(int, file.read().split())
    assert len(coins) == count
    with open(answer) as file:
        possible = file.read().split() != ["impossible"]
    words = sys.stdin.read().split()
    if words == ["impossible"]:
        return WRONG if possible else ACCEPTED
    if not all(word.isascii() and word.isdigit() for word in words):
        return WRONG
    chosen = [int(word) for word in words]
    if len(set(chosen)) != len(chosen) or not chosen or not all(1 <= number <= count for number in chosen):
        return WRONG
    worth = sum(coins[number - 1] for number in chosen)
    with open(feedback + "judgemessage.txt", "w") as file:
        file.write(f"worth {worth} of {sum(coins)}\n")
    return ACCEPTED if 2 * worth == sum(coins) else WRONG


sys.exit(main())
