"""Who the patients are and what happens in their bodies: signs, never grades."""
