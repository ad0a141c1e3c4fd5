"""Attack a verifier: strategies that make what it is given, laws that it must keep, exploits that it must not pay.

Needs the extra `fuzz` (hypothesis and what it is used with), which nothing outside this package and
`verifier.calibrating` imports.
"""
