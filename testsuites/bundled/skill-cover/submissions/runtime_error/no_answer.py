# Crashes on somebody whose skills are None.
def smallest_crew(needed, people):
    order = sorted(needed)
    masks = {sum(1 << i for i, skill in enumerate(order) if skill in s) for s in people.values()}
    full = (1 << len(order)) - 1
    reached, crew, seen = {0}, 0, {0}
    while reached:
        if full in reached:
            return crew
        reached = {a | b for a in reached for b in masks} - seen
        seen |= reached
        crew += 1
    return None
