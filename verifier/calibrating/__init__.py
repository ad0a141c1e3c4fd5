"""Measure how gameable a suite is, and make it less so. Needs the extra `fuzz`."""
