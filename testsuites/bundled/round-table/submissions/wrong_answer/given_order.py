# Bug: fills every second seat in the order of the dictionary, without the largest club first.
def seat(clubs):
    if any(n < 0 for n in clubs.values()):
        raise ValueError
    people = [club for club in clubs for _ in range(clubs[club])]
    half = (len(people) + 1) // 2
    if len(people) > 1 and 2 * max(clubs.values()) > len(people):
        return None
    table = [None] * len(people)
    table[::2], table[1::2] = people[:half], people[half:]
    return table
