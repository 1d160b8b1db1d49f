"""Which scripts of all phases are played first: those that show most that is new, per request."""
