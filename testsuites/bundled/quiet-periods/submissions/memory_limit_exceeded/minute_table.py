# Holds a counter for every minute of the day.
def quiet_periods(bookings, rooms, needed, day):
    taken = [0] * (day[1] - day[0] + 1)
    for s, e in bookings:
        for minute in range(max(s, day[0]), min(e, day[1])):
            taken[minute - day[0]] += 1
    result = []
    for k in range(day[1] - day[0]):
        if rooms - taken[k] >= needed:
            if result and result[-1][1] == day[0] + k:
                result[-1] = (result[-1][0], day[0] + k + 1)
            else:
                result.append((day[0] + k, day[0] + k + 1))
    return result
