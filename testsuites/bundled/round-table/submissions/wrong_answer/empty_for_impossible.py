# Bug: gives an empty list where None was asked for.
def seat(clubs):
    if any(n < 0 for n in clubs.values()):
        raise ValueError
    people = [club for club in sorted(clubs, key=clubs.get, reverse=True) for _ in range(clubs[club])]
    half = (len(people) + 1) // 2
    if len(people) > 1 and 2 * clubs[people[0]] > len(people):
        return []
    table = [None] * len(people)
    table[::2], table[1::2] = people[:half], people[half:]
    return table
