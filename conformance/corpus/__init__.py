"""The corpus: short scenarios that are played before anything is drawn, and where they come from.

The files beside this one hold scenarios as steps ``{op, params}``. Names that differ from run to
run stand in them as ``$names``: ``names.py`` tells which there are.
"""

from __future__ import annotations
