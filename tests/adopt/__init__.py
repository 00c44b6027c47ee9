"""An existing pool is adopted while its people go on using it: attach, seed, change, detach."""
