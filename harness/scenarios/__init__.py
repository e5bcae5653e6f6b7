"""What is run: scenario files and their loader."""
