"""Claims, parameter, ledger and the owner's functions, within a time limit."""
