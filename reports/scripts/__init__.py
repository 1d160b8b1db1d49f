"""Minimal sequences as scripts: one file a client, and what they share."""
