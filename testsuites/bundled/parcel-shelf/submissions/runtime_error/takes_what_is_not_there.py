# Crashes when a parcel is taken that is not on the shelf.
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
            if parcel in shelf:
                shelf[parcel] = shelf.pop(parcel)
            results.append(parcel in shelf)
        elif name == "take":
            results.append(shelf.pop(parcel))
        else:
            raise ValueError
    return results
