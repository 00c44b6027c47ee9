"""One module a kind. Each has its matters and its `RULES`: a function, with the parts it needs."""
