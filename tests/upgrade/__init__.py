"""The release before becomes this one while people go on, one Region after the other, and back."""
