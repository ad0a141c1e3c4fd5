def sort(numbers):
    numbers.sort()
