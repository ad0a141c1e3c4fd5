def quiet_periods(bookings, rooms, needed, day):
    print("called with", len(bookings), "bookings")
    marks = {day[0], day[1]}
    for start, end in bookings:
        marks.update(t for t in (start, end) if day[0] <= t <= day[1])
    marks = sorted(marks)
    result = []
    for a, b in zip(marks, marks[1:]):
        free = rooms - sum(1 for s, e in bookings if s <= a < e)
        print(a, b, free)
        if free >= needed:
            if result and result[-1][1] == a:
                result[-1][1] = b
            else:
                result.append([a, b])
    return result
