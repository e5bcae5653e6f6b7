"""How fast, next to what else one could have used, and next to what memory allows. Nothing here is installed."""
