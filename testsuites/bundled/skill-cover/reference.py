def smallest_crew(needed, people):
    bit = {skill: 1 << i for i, skill in enumerate(sorted(needed))}
    masks = {sum(bit[skill] for skill in skills if skill in bit) for skills in people.values() if skills}
    everything = (1 << len(needed)) - 1
    reached = {0}
    crew = 0
    seen = {0}
    while reached:
        if everything in reached:
            return crew
        reached = {have | mask for have in reached for mask in masks} - seen
        seen |= reached
        crew += 1
    return None
