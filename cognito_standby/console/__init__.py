"""`standby console`: the installation as a page for people, on loopback, with the operator's own
rights. `cli` starts it and hands it a `Reach`; it knows neither options nor profiles."""
