"""The fault bank: the reference with one realistic defect each, to measure what the suite finds."""

from __future__ import annotations
