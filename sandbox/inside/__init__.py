"""What runs on the far side of the sandbox, in the interpreter that candidates are forked from.

Theory of operation. Three kinds of process, each forked from the one before, none of which ever held a secret:

    zygote      started by exec with a clean environment, one for each worker; keeps its privileges (root, where the
                judge is root) and does nothing but fork. It never sees a program or an input.
    program     forked from the zygote for one job; drops to an unprivileged uid, compiles the program, loads the
                modules that it names, and forks. It holds the program and no input.
    candidate   forked from the program process for one `Stdin`, or for a series of calls: closes every door, then
                runs untrusted code. Its parent reaps it, measures it, and kills whatever it left.

Each of the first two listens on a control socket of its own (`SOCK_SEQPACKET`); the other end is in the judge. Inputs
and outputs travel on pipes between judge and candidate and pass through neither.

Everything here is standard library only, and is loaded under the name of this package alone (see `__main__`), so that
nothing of the judge is in a candidate's interpreter. The judge imports `frames`, `messages` and `values` too.
"""
