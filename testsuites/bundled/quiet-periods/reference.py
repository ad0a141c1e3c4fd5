def quiet_periods(bookings, rooms, needed, day):
    opens, closes = day
    change = {opens: 0, closes: 0}
    for start, end in bookings:
        start, end = max(start, opens), min(end, closes)
        if start < end:
            change[start] = change.get(start, 0) + 1
            change[end] = change.get(end, 0) - 1
    periods = []
    taken = 0
    times = sorted(change)
    for here, after in zip(times, times[1:]):
        taken += change[here]
        if rooms - taken >= needed:
            if periods and periods[-1][1] == here:
                periods[-1] = (periods[-1][0], after)
            else:
                periods.append((here, after))
    return periods
