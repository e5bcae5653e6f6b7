"""A ward where patients compete for nurses, doses of tocilizumab and intensive care beds."""
