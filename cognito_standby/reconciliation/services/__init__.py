"""The steps of `reconcile_pool`: docs/reconciliation.md."""
