"""``report.html``: the run for people, in one file that needs no network and no JavaScript.

All that a server sent is text here. Templates escape every value; control characters and characters
that reorder text become visible signs; links go to http(s) only; and a content security policy in
the page allows nothing but its own style and its own script.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports import facts
from reports.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.record import ClauseRecord, HeaderRecord, RunRecord, StepRecord

HTML_FILE = "report.html"
_TEMPLATES = Path(__file__).parent / "templates"
_SHOWN_BODY = 4000
#: Headers of every S3 answer that say nothing about encryption.
_NOISE = frozenset(
    {
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-id-2",
        "x-amz-request-id",
        "x-amz-security-token",
    },
)
_TELLING = frozenset({"etag", "content-md5"})
_LINE_CHARACTERS = "\n\t"
_REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def render(record: RunRecord, folder: str = ".") -> str:
    """Return the HTML report of a run. ``folder`` is the result folder, named in replay commands.

    Raises nothing, whatever strings the record holds.
    """
    ordered = facts.by_severity(record.divergences)
    script = asset("report.js")
    return (
        environment()
        .get_template("report.html")
        .render(
            record=record,
            outcome=facts.outcome(record),
            found=[divergence for divergence in ordered if divergence.waived is None],
            waived=[divergence for divergence in ordered if divergence.waived is not None],
            topics=facts.by_topic(record.clauses),
            clauses={clause.id: clause for clause in record.clauses},
            divergences_of={
                clause.id: facts.divergences_of(record, clause.id) for clause in record.clauses
            },
            bar=_bar(record.clauses),
            folder=folder,
            style=asset("report.css"),
            script=script,
            script_hash=script_hash(script),
        )
    )


def write(record: RunRecord, folder: Path) -> Path:
    """Write ``report.html`` into a result folder; return its path. Raises ReportError."""
    return write_atomically(folder / HTML_FILE, render(record, str(folder)))


def visible(value: Any) -> Any:
    """Show characters that a page would hide or obey.

    Leave all but plain text as it is: what a macro made has been through here already.
    """
    if type(value) is not str:
        return value
    return "".join(_visible_character(char) for char in value)


def safe_link(url: str) -> str:
    """Return a URL that is safe in ``href``: http or https, else an empty string."""
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        return ""
    return url if scheme in {"http", "https"} else ""


def telling_headers(headers: Iterable[HeaderRecord]) -> tuple[HeaderRecord, ...]:
    """Return the headers that matter for encryption: S3's own, ETag and Content-MD5."""
    return tuple(
        header
        for header in headers
        if (name := header.name.lower()) in _TELLING
        or (name.startswith("x-amz-") and name not in _NOISE)
    )


def remark(step: StepRecord) -> str:
    """Return what a step's observation says beyond the status and the headers shown beside it."""
    if step.response is None:
        return step.observed
    shown = telling_headers(step.response.headers)
    if any(f"{header.name}: {header.value}" in step.observed for header in shown):
        return ""
    return step.observed.removeprefix(str(step.response.status)).lstrip(" ,:")


def shortened(text: str) -> str:
    """Cut a long body, and say so."""
    if len(text) <= _SHOWN_BODY:
        return text
    return f"{text[:_SHOWN_BODY]}\n… {len(text) - _SHOWN_BODY:,} more characters"


def moment(stamp: str) -> str:
    """Return an ISO time without fractions, as people read it; other text as it is."""
    day, separator, clock = stamp.partition("T")
    if not separator:
        return stamp
    zone = "UTC" if clock.endswith(("Z", "+00:00")) else clock[8:].lstrip("0123456789.")
    return f"{day} {clock[:8]} {zone}".strip()


def asset(name: str) -> str:
    """Return one of the template files as text."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def script_hash(script: str) -> str:
    """Return the source expression that lets a content security policy admit this script."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@cache
def environment() -> Environment:
    """Return the template environment: every value is made visible, then escaped."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=visible,
    )
    made.filters |= {
        "link": safe_link,
        "telling": telling_headers,
        "shortened": shortened,
        "moment": moment,
        "duration": facts.duration,
        "request_line": facts.request_line,
        "remark": remark,
    }
    made.globals |= {
        "plural": facts.plural,
        "replay_command": facts.replay_command,
        "severities": facts.SEVERITIES,
        "severity_meaning": facts.SEVERITY_MEANING,
        "statuses": facts.STATUS_ORDER,
    }
    return made


def _bar(clauses: Iterable[ClauseRecord]) -> list[tuple[str, int]]:
    counts = dict.fromkeys(facts.STATUS_ORDER, 0)
    for clause in clauses:
        counts[clause.status] += 1
    return [(status, count) for status, count in counts.items() if count]


def _visible_character(char: str) -> str:
    code = ord(char)
    if char in _LINE_CHARACTERS:
        return char
    if code < 0x20:  # noqa: PLR2004 - the C0 controls
        return chr(0x2400 + code)
    if code == 0x7F:  # noqa: PLR2004 - DELETE
        return "\u2421"
    hidden = 0x80 <= code < 0xA0 or 0xD800 <= code < 0xE000 or code in {0xFFFE, 0xFFFF}  # noqa: PLR2004
    return "\ufffd" if hidden or char in _REORDERING else char
