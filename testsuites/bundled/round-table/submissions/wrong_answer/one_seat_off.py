# Bug: the limit is one too high when the number of people is odd.
def seat(clubs):
    if any(n < 0 for n in clubs.values()):
        raise ValueError
    people = [club for club in sorted(clubs, key=clubs.get, reverse=True) for _ in range(clubs[club])]
    half = (len(people) + 1) // 2
    if people and clubs[people[0]] > half:
        return None
    table = [None] * len(people)
    table[::2], table[1::2] = people[:half], people[half:]
    return table
