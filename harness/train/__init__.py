"""The bedside page: people grade simulated patients hour by hour and learn from each decision."""
