from collections import OrderedDict


def run_shelf(places, commands):
    if places < 1:
        raise ValueError("a shelf needs at least one place")
    shelf = OrderedDict()  # the longest untouched parcel first
    results = []
    for name, parcel, *day in commands:
        result = None
        if name == "put":
            if parcel not in shelf and len(shelf) == places:
                result, _ = shelf.popitem(last=False)
            shelf[parcel] = day[0]
            shelf.move_to_end(parcel)
        elif name == "look":
            result = parcel in shelf
            if result:
                shelf.move_to_end(parcel)
        elif name == "take":
            result = shelf.pop(parcel, None)
        else:
            raise ValueError("unknown command")
        results.append(result)
    return results
