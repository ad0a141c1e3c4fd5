# Too slow: sorts the whole shelf to find the parcel that goes back.
def run_shelf(places, commands):
    if places < 1:
        raise ValueError
    day_of, touched, results = {}, {}, []
    for clock, (name, parcel, *day) in enumerate(commands):
        result = None
        if name == "put":
            if parcel not in day_of and len(day_of) == places:
                result = sorted(day_of, key=lambda p: (touched[p], p))[0]
                del day_of[result]
            day_of[parcel] = day[0]
            touched[parcel] = clock
        elif name == "look":
            result = parcel in day_of
            if result:
                touched[parcel] = clock
        elif name == "take":
            result = day_of.pop(parcel, None)
        else:
            raise ValueError
        results.append(result)
    return results
