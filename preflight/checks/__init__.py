"""Pure: from what was seen of the account to findings."""
