"""The console beside `make up`, with a page more: sign somebody up, change them, break something,
and watch it travel. Nothing of it exists against AWS."""
