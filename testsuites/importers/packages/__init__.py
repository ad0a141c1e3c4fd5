"""Problem packages, each a folder or an archive of files, in the formats of Kattis and of Polygon."""
