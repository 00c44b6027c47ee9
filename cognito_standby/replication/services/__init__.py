"""The steps of `sync_user`, on ports."""
