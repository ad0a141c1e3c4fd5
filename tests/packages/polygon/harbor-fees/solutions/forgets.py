# Forgets what is less after the tenth day.
input()
print(*(3 * days for days in map(int, input().split())))
