# Crashes when there is no club at all.
def seat(clubs):
    if any(n < 0 for n in clubs.values()):
        raise ValueError
    names = sorted(clubs, key=clubs.get, reverse=True)
    most = clubs[names[0]]
    people = [club for club in names for _ in range(clubs[club])]
    half = (len(people) + 1) // 2
    if len(people) > 1 and 2 * most > len(people):
        return None
    table = [None] * len(people)
    table[::2], table[1::2] = people[:half], people[half:]
    return table
