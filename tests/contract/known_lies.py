"""What each backend is known to get wrong. A test listed here must fail there.

backend -> what it does -> the tests that show it, as `module::test`, or `module::test[variant]`
where only one variant fails.
"""

KNOWN_LIES: dict[str, dict[str, tuple[str, ...]]] = {"moto": {}, "local": {}}
