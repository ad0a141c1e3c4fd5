# Bug: does not join periods that touch.
def quiet_periods(bookings, rooms, needed, day):
    marks = sorted({*day, *(t for b in bookings for t in b if day[0] <= t <= day[1])})
    result = []
    for a, b in zip(marks, marks[1:]):
        if rooms - sum(s <= a < e for s, e in bookings) >= needed:
            result.append((a, b))
    return result
