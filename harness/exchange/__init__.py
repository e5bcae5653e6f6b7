"""Cases in the files of others: read strictly, written whole; what is not understood is told and left unknown."""
