# Keeps every day in memory.
input()
for days in map(int, input().split()):
    kept = bytearray(min(days, 300_000_000))
    print(3 * days - max(days - 10, 0))
