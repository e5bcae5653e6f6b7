"""CDISC SDTM: cases as records of domains, and records of domains as charts."""
