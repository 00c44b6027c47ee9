"""Life in the Region that took over: who gets in, how many a second, and what it costs."""
