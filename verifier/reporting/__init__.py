"""What a file of grades shows of a training run (docs/report.md).

A straight line: `rows` reads one line, `tally` adds it up and keeps no row, `figures` is what came of it, `findings`
says it in words, `page` shows it in a browser. Memory depends on the number of suites, not of rows.
"""
