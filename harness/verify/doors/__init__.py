"""The ways to reach a grader: a Python function, a command, a URL, or a file of its answers."""
