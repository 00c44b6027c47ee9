"""The demonstration: people sign up in one Region and appear in the other, measured."""
