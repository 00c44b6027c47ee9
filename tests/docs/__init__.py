"""The documents held to what they say."""
