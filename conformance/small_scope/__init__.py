"""All short sequences over a small alphabet: its moves, the states between them, and the words."""
