# Bug: the person with the most missing skills is not always part of a smallest crew.
def smallest_crew(needed, people):
    missing = set(needed)
    crew = 0
    while missing:
        best = max((s for s in people.values() if s is not None), key=lambda s: len(s & missing), default=set())
        if not best & missing:
            return None
        missing -= best
        crew += 1
    return crew
