"""The nouns and the rules that every feature knows. Pure: no input or output, no clock, no AWS."""
