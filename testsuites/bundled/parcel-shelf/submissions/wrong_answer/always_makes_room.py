# Bug: sends a parcel back even when the one that arrives is on the shelf already.
def run_shelf(places, commands):
    if places < 1:
        raise ValueError
    shelf, results = {}, []
    for name, parcel, *day in commands:
        if name == "put":
            gone = None
            if len(shelf) == places:
                gone = next(iter(shelf))
                del shelf[gone]
            shelf.pop(parcel, None)
            shelf[parcel] = day[0]
            results.append(gone)
        elif name == "look":
            if parcel in shelf:
                shelf[parcel] = shelf.pop(parcel)
            results.append(parcel in shelf)
        elif name == "take":
            results.append(shelf.pop(parcel, None))
        else:
            raise ValueError
    return results
