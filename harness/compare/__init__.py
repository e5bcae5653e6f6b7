"""What a change of a guideline does: exactly, from the two tables, and to patients."""
