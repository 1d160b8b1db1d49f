"""All short sequences of changes in directory buckets: the moves, the words, and how they go."""
