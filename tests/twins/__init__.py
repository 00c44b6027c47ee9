"""In-memory twins of every port: strict references for tests, explorers and simulations.

They pass the same contract suites as the real adapters. State is held in immutable values, so
`snapshot()` is cheap and hashable and `restore()` forks or rewinds a world.
"""
