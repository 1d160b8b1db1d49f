"""Values of boto3 parameters as JSON carries them."""

from __future__ import annotations

import base64

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


def body_to_json(body: bytes) -> Json:
    """Return text as it is, and anything else as base64."""
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}
    return text


def body_from_json(value: Json) -> bytes:
    """Return the bytes that ``body_to_json`` was given; raises TypeError and ValueError."""
    if isinstance(value, dict):
        return base64.b64decode(str(value.get("base64", "")), validate=True)
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{value!r} is no body")
    return (value or "").encode()


def text_of(value: Json) -> str:
    """Return a parameter as the text that goes on the wire; raises TypeError."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise TypeError(f"{value!r} is no text")
    return str(value)


def metadata_of_parameters(left: dict[str, Json]) -> tuple[tuple[str, str], ...]:
    """Take the user metadata from the parameters; raises TypeError."""
    metadata = left.pop("Metadata", {})
    if not isinstance(metadata, dict):
        raise TypeError("Metadata must be an object")
    return tuple((name.lower(), text_of(value)) for name, value in metadata.items())
