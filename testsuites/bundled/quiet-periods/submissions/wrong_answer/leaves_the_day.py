# Bug: periods may begin before the day and end after it.
def quiet_periods(bookings, rooms, needed, day):
    change = {day[0]: 0, day[1]: 0}
    for s, e in bookings:
        change[s] = change.get(s, 0) + 1
        change[e] = change.get(e, 0) - 1
    times = sorted(change)
    result, taken = [], 0
    for a, b in zip(times, times[1:]):
        taken += change[a]
        if rooms - taken >= needed:
            if result and result[-1][1] == a:
                result[-1] = (result[-1][0], b)
            else:
                result.append((a, b))
    return result
