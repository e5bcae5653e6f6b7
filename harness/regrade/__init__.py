"""The same patients graded under several guidelines, side by side."""
