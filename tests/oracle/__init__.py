"""Files of tests as authors write them, run against solutions that live elsewhere."""
