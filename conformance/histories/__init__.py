"""Histories: one object, written, overwritten, deleted and restored, and read in every way."""
