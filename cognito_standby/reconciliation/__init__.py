"""The periodic comparison of everything: docs/reconciliation.md."""
