"""Everything around the core: simulated patients, runs, checks, reports and the command line."""
