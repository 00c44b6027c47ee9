"""Pages, guarded, and their updates."""
