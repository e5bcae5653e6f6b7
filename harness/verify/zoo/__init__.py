"""Graders that are wrong on purpose, each in one way that it confesses, to test the suite that must catch them."""
