"""Covering arrays over what requests say and what servers hold: every pair, every triple."""
