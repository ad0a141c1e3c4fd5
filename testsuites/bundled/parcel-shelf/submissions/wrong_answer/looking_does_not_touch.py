# Bug: a look does not touch the parcel.
def run_shelf(places, commands):
    if places < 1:
        raise ValueError
    shelf, results = {}, []
    for name, parcel, *day in commands:
        if name == "put":
            gone = None
            if parcel in shelf:
                del shelf[parcel]
            elif len(shelf) == places:
                gone = next(iter(shelf))
                del shelf[gone]
            shelf[parcel] = day[0]
            results.append(gone)
        elif name == "look":
            results.append(parcel in shelf)
        elif name == "take":
            results.append(shelf.pop(parcel, None))
        else:
            raise ValueError
    return results
