"""Help for those who write a guideline file: a file to begin with, and every fault of one told at once."""
