# Bug: a shelf without places is no error here.
def run_shelf(places, commands):
    shelf, results = {}, []
    for name, parcel, *day in commands:
        if name == "put":
            gone = None
            if parcel in shelf:
                del shelf[parcel]
            elif shelf and len(shelf) >= places:
                gone = next(iter(shelf))
                del shelf[gone]
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
