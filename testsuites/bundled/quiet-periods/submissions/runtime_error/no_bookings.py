# Crashes when there are no bookings.
def quiet_periods(bookings, rooms, needed, day):
    first = min(s for s, e in bookings)
    last = max(e for s, e in bookings)
    marks = sorted({first, last, *day, *(t for b in bookings for t in b)})
    result = []
    for a, b in zip(marks, marks[1:]):
        if day[0] <= a and b <= day[1] and rooms - sum(s <= a < e for s, e in bookings) >= needed:
            if result and result[-1][1] == a:
                result[-1] = (result[-1][0], b)
            else:
                result.append((a, b))
    return result
