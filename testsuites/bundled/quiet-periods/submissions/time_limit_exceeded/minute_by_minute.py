# Too slow: looks at every minute of the day.
def quiet_periods(bookings, rooms, needed, day):
    result = []
    minute = day[0]
    while minute < day[1]:
        if rooms - sum(s <= minute < e for s, e in bookings) >= needed:
            if result and result[-1][1] == minute:
                result[-1] = (result[-1][0], minute + 1)
            else:
                result.append((minute, minute + 1))
        minute += 1
    return result
