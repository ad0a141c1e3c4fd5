# Crashes when there is no first lantern.
import sys

lines = sys.stdin.read().splitlines()
lanterns = [tuple(map(int, line.split())) for line in lines[1:]]
burning = [lanterns[0]]
dark = lanterns[1:]
for x, r in burning:
    near = [lantern for lantern in dark if abs(lantern[0] - x) <= r]
    dark = [lantern for lantern in dark if abs(lantern[0] - x) > r]
    burning.extend(near)
places = [x for x, r in burning]
print(len(places), max(places) - min(places))
