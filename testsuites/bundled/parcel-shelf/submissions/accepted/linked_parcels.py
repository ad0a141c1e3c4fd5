class Parcel:
    __slots__ = ("name", "day", "before", "after")

    def __init__(self, name=None, day=None):
        self.name, self.day = name, day
        self.before = self.after = self


class Shelf:
    def __init__(self, places):
        if places <= 0:
            raise ValueError("no places")
        self.places = places
        self.known = {}
        self.ring = Parcel()

    def unlink(self, parcel):
        parcel.before.after, parcel.after.before = parcel.after, parcel.before

    def link(self, parcel):
        last = self.ring.before
        last.after = self.ring.before = parcel
        parcel.before, parcel.after = last, self.ring

    def put(self, name, day):
        gone = None
        if name in self.known:
            self.unlink(self.known[name])
        elif len(self.known) == self.places:
            oldest = self.ring.after
            self.unlink(oldest)
            del self.known[oldest.name]
            gone = oldest.name
        self.known[name] = Parcel(name, day)
        self.link(self.known[name])
        return gone

    def look(self, name):
        if name not in self.known:
            return False
        self.unlink(self.known[name])
        self.link(self.known[name])
        return True

    def take(self, name):
        if name not in self.known:
            return None
        parcel = self.known.pop(name)
        self.unlink(parcel)
        return parcel.day


def run_shelf(places, commands):
    shelf = Shelf(places)
    out = []
    for command in commands:
        if command[0] not in ("put", "look", "take"):
            raise ValueError(f"no such command: {command[0]}")
        out.append(getattr(shelf, command[0])(*command[1:]))
    return out
