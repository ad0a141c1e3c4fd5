def seat(clubs):
    if any(members < 0 for members in clubs.values()):
        raise ValueError("a club cannot send fewer than no members")
    people = [club for club in sorted(clubs, key=clubs.get, reverse=True) for _ in range(clubs[club])]
    if len(people) > 1 and 2 * clubs[people[0]] > len(people):
        return None
    table = [None] * len(people)
    # The largest club first, on every second seat, then the seats between.
    table[0::2], table[1::2] = people[: (len(people) + 1) // 2], people[(len(people) + 1) // 2 :]
    return table
