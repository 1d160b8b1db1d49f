"""The same intent through every path: the ways to write, the intents, and what is looked at."""
