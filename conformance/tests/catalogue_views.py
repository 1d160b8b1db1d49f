"""What the tests of the catalogue share: clauses that say more than today's, and printed pages."""

from __future__ import annotations

import io
from dataclasses import fields
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from rich.console import Console

from conformance.catalogue import print_entry
from model.clause import find_clause

if TYPE_CHECKING:
    from conformance.clause_entries import Entry
    from model.clause import Clause

ETAG = "etag/sse-s3-is-the-md5"
ALLOWANCE = "allowance/odd-context"
STALE = "the clauses or their examples have changed: run python -m conformance.write_catalogue"


def changed_clause(**changes: Any) -> Clause:
    """Return a clause with other values, or with members that clauses may have one day."""
    found = find_clause(ETAG)
    members = {field.name: getattr(found, field.name) for field in fields(found)}
    return cast("Clause", SimpleNamespace(**{**members, "topic": found.topic, **changes}))


def printed(entry: Entry, width: int = 200) -> str:
    """Return what the terminal shows of one clause or allowance."""
    stream = io.StringIO()
    print_entry(entry, Console(file=stream, width=width, color_system=None))
    return stream.getvalue()
