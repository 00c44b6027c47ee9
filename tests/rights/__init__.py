"""What the templates grant, held against what the tests' installations used."""
