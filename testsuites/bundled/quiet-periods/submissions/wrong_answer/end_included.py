# Bug: takes a booking as lasting to its end time included.
def quiet_periods(bookings, rooms, needed, day):
    events = []
    for s, e in bookings:
        s, e = max(s, day[0]), min(e + 1, day[1])
        if s < e:
            events += [(s, 1), (e, -1)]
    events += [(day[0], 0), (day[1], 0)]
    events.sort()
    result, taken = [], 0
    for (a, change), (b, _) in zip(events, events[1:]):
        taken += change
        if a < b and rooms - taken >= needed:
            if result and result[-1][1] == a:
                result[-1] = (result[-1][0], b)
            else:
                result.append((a, b))
    return result
