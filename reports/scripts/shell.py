"""Quoting for bash, and the parts that both shell scripts begin with."""

from __future__ import annotations

import base64
import shlex
from typing import TYPE_CHECKING

from reports.facts import one_line
from reports.scripts.wire import Place, Slot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.scripts.wire import Call, Text

WORK = """\
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"""


def quote(text: Text) -> str:
    """Quote a text as one bash word: variables stand for slots, odd bytes are spelt out."""
    return "".join(
        f'"${{{piece.name.upper()}}}"' if isinstance(piece, Slot) else _word(piece)
        for piece in text
    )


def comment(text: str) -> str:
    """Make any text safe behind a ``#``: one line, without control characters."""
    return one_line(text)


def head(title: str, lines: Iterable[str], *, endpoint: str, kms: bool) -> str:
    """Return a script's beginning: what it is, and the settings that it takes from outside."""
    example = comment(endpoint) or "http://127.0.0.1:9000"
    wanted = [("S3_ENDPOINT", f"the URL of the endpoint, for example {example}")]
    wanted.append(("AWS_ACCESS_KEY_ID", "the access key ID to sign with"))
    wanted.append(("AWS_SECRET_ACCESS_KEY", "the secret access key to sign with"))
    parts = ["#!/usr/bin/env bash", f"# {comment(title)}", *(f"# {line}" for line in lines)]
    for name, what in wanted:
        message = what.replace("\\", "").translate(dict.fromkeys(map(ord, "}\"`$'"), None))
        parts.append(f': "${{{name}:?set it to {message}}}"')
    parts.append('S3_ENDPOINT="${S3_ENDPOINT%/}"')
    parts.append('AWS_REGION="${AWS_REGION:-${AWS_DEFAULT_REGION:-us-east-1}}"')
    if kms:
        parts.append('KMS_ENDPOINT="${KMS_ENDPOINT:-$S3_ENDPOINT}"')
        parts.append('KMS_ENDPOINT="${KMS_ENDPOINT%/}"')
    return "\n".join(parts) + "\n"


def body_file(call: Call) -> str:
    """Return the command that puts a call's body into its file, ``$work/body-N``."""
    file = f'"$work/body-{call.number}"'
    data = call.body.data
    run = call.body.run
    if call.body.lost:
        return (
            f"# The record holds only this body's length: zeros stand in.\n"
            f"head -c {len(data)} /dev/zero > {file}"
        )
    if run is not None:
        return f"head -c {len(data)} /dev/zero | tr '\\0' '\\{run:03o}' > {file}"
    text = call.body_text()
    if text is not None:
        return f"printf %s {quote(text)} > {file}"
    return f"printf %s {base64.b64encode(data).decode()} | base64 -d > {file}"


def readers(calls: Iterable[Call]) -> str:
    """Return the functions that take values out of saved answers, as far as they are needed."""
    functions = {
        Place.HEADER: """\
header() {  # file, name
  LC_ALL=C tr -d '\\r"' < "$1" |
    LC_ALL=C awk -v name="$2" -F': ' 'tolower($1) == name { print $2; exit }'
}
""",
        Place.ELEMENT: """\
element() {  # file, name
  LC_ALL=C sed -n "s:.*<$2>\\([^<]*\\)</$2>.*:\\1:p" "$1" |
    sed -e 's/&quot;//g' -e 's/"//g' | head -n 1
}
""",
        Place.MEMBER: """\
member() {  # file, name
  LC_ALL=C sed -n "s/.*\\"$2\\": *\\"\\([^\\"]*\\)\\".*/\\1/p" "$1" | head -n 1
}
""",
    }
    needed = {slot.place for call in calls for slot in call.brings}
    return "".join(text for place, text in functions.items() if place in needed)


def _word(text: str) -> str:
    if all(char.isprintable() or char == "\n" for char in text):
        return shlex.quote(text)
    spelt = "".join(
        chr(byte) if 32 <= byte < 127 and byte not in b"'\\" else f"\\x{byte:02x}"  # noqa: PLR2004
        for byte in text.encode(errors="replace")
    )
    return f"$'{spelt}'"
