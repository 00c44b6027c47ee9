"""The Admin API over HTTP: what may be called, what a call must look like, what is answered."""
