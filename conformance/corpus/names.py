"""The ``$names`` in scenarios: what differs from run to run, and what answers tell.

=====================  =======================================================================
``$bucket1``...        the sequence's buckets; ``$bucket_missing`` is one that nobody makes
``$directory1``...     its directory buckets, in ``$zone``; ``$directory_missing`` likewise
``$access_point``      the access point for FSx; ``$files`` is the folder for object keys there
``$kms1``...           KMS keys: ``$kms1.id``, ``$kms1.arn``. They are those of the run, unless a
                       CreateKey of the scenario is called so: then its state may be changed
``$alias1``...         aliases of KMS keys, which the scenario makes
``$region``            the region; ``$account`` the account
``$ssec_key1``...      customer keys in base64; ``$ssec_key1.md5`` their MD5
``$md5``               the MD5 of the request's own body
``$$``                 a dollar sign
``$name.piece``        what the answer to the step told that is ``called`` so, or ``s4`` where it
                       has no name and four come before it: ``etag``, ``version``, ``upload``,
                       ``token``, ``kms`` (the KMS key that was used)
=====================  =======================================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from conformance import scenario
from conformance.scenario import fresh_bucket
from model.answer import ETAG, VERSION_ID
from model.bucket_kind import DIRECTORY_SUFFIX
from model.case_symbols import OutsideError, Symbols
from model.operations.create_multipart_upload import UPLOAD_ID
from model.operations.create_session import SESSION_TOKEN
from model.operations.kms import KEY_ARN_FIELD, KEY_ID, CreateKey
from model.request import KMS_KEY_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from conformance.universe import Universe
    from model.answer import Answer
    from model.operation import Operation
    from model.parameter_values import Json

NAME = re.compile(
    r"\$(?:\$|(?P<name>[a-z][a-z0-9_]*[a-z0-9]|[a-z])(?:\.(?P<piece>[a-z]\w*))?)", re.ASCII
)
OWN_MD5 = "$md5"
DOLLAR = "$$"
FILLED, BYTES = "filled", "bytes"
"""A body of one byte over and over is written as ``{"filled": "m", "bytes": 5242880}``."""
_PIECES = {
    "etag": ETAG,
    "version": VERSION_ID,
    "upload": UPLOAD_ID,
    "token": SESSION_TOKEN,
    "kms": KMS_KEY_ID,
}
_PIECES_OF_KEYS = {"id": KEY_ID, "arn": KEY_ARN_FIELD}
_NUMBERED = re.compile(r"(bucket|directory|alias)([1-9])")
_UNKNOWN_ACCOUNT = "0" * 12


class NoSuchNameError(Exception):
    """A name stands for nothing, or for nothing yet."""


def learnt_name(number: int) -> str:
    """Return what the step of that number, from 0, is called where it has no name."""
    return f"s{number}"


def pieces_told(request: Operation, answer: Answer) -> dict[str, str]:
    """Return what an answer told that later requests may repeat, by what it is called."""
    pieces = _PIECES_OF_KEYS if isinstance(request, CreateKey) else _PIECES
    told = {piece: answer.text(field) for piece, field in pieces.items()}
    return {piece: text for piece, text in told.items() if text}


@dataclass(slots=True, kw_only=True)
class Names:
    """What the names stand for in one sequence; ``told`` grows with the answers."""

    fixed: Mapping[str, str]
    told: dict[str, str] = field(default_factory=dict)
    made_up_pieces: bool = False

    @classmethod
    def of(cls, universe: Universe) -> Names:
        """Return the names of a sequence."""
        first, *_ = universe.buckets
        stem = first.removesuffix("-a")
        fixed = {
            "bucket_missing": universe.missing_bucket,
            "region": universe.region,
            "account": universe.account or _UNKNOWN_ACCOUNT,
        }
        for number in range(1, 10):
            fixed[f"bucket{number}"] = f"{stem}-{chr(96 + number)}"
            fixed[f"alias{number}"] = f"{universe.alias}-{number}"
        for number, name in enumerate(universe.directory_buckets, 1):
            fixed[f"directory{number}"] = name
        if universe.directory_buckets:
            name = universe.directory_buckets[0]
            fixed["directory_missing"] = fresh_bucket(name, universe.missing_bucket)
            fixed["zone"] = name.removesuffix(DIRECTORY_SUFFIX).rpartition("--")[2]
        if universe.fsx_access_point is not None and universe.file_keys:
            fixed["access_point"] = universe.fsx_access_point
            fixed["files"] = universe.file_keys[0].rpartition("/")[0]
        for number, key in enumerate(universe.kms_keys, 1):
            fixed[f"kms{number}.id"] = key.key_id
            if key.arn is not None:
                fixed[f"kms{number}.arn"] = key.arn
        return cls(fixed=fixed)

    @classmethod
    def made_up(cls) -> Names:
        """Return names for requests that are looked at and not sent."""
        fixed = {f"bucket{n}": f"corpus-bucket-{n}" for n in range(1, 10)}
        fixed |= {f"alias{n}": f"alias/corpus-{n}" for n in range(1, 10)}
        fixed |= {f"directory{n}": f"corpus-{n}--use1-az4--x-s3" for n in (1, 2)}
        for number in range(1, 4):
            key_id = f"{number}0000000-0000-4000-8000-000000000000"
            fixed[f"kms{number}.id"] = key_id
            fixed[f"kms{number}.arn"] = f"arn:aws:kms:us-east-1:{_UNKNOWN_ACCOUNT}:key/{key_id}"
        fixed |= {
            "bucket_missing": "corpus-missing",
            "directory_missing": "corpus-missing--use1-az4--x-s3",
            "zone": "use1-az4",
            "access_point": "corpus-ext-s3alias",
            "files": "files/corpus",
            "region": "us-east-1",
            "account": _UNKNOWN_ACCOUNT,
        }
        return cls(fixed=fixed, made_up_pieces=True)

    def tell(self, called: str, request: Operation, answer: Answer) -> None:
        """Note what an answer told, under the name of its step."""
        for piece, text in pieces_told(request, answer).items():
            self.told[f"{called}.{piece}"] = text

    def tell_made_up(self, called: str) -> None:
        """Note that a step of that name comes before what follows."""
        for piece in (*_PIECES, *_PIECES_OF_KEYS):
            self.told[f"{called}.{piece}"] = f"{called}-{piece}"

    def again(self) -> Names:
        """Return names that know the same, and learn apart."""
        return replace(self, told=dict(self.told))

    def text(self, name: str) -> str:
        """Return what a name with its piece stands for. Raises NoSuchNameError."""
        found = self.told.get(name) or self.fixed.get(name)
        if found is None and name.startswith("ssec_key"):
            found = _customer_key(name)
        if found is None:
            raise NoSuchNameError(f"${name}")
        return found


def _customer_key(name: str) -> str | None:
    try:
        return Symbols({}, "").text(f"${name}")
    except OutsideError:
        return None


def resolved(params: Mapping[str, JsonValue], names: Names) -> dict[str, Json]:
    """Return a step's parameters with all names replaced but that of its own MD5.

    Raises NoSuchNameError.
    """
    return {name: _resolved(value, names) for name, value in params.items()}


def _resolved(value: JsonValue, names: Names) -> Json:
    if isinstance(value, str):
        return NAME.sub(lambda found: _named(found, names), value)
    if isinstance(value, list):
        return [_resolved(one, names) for one in value]
    if isinstance(value, dict):
        if value.keys() == {FILLED, BYTES}:
            return str(value[FILLED]) * cast("int", value[BYTES])
        return {name: _resolved(one, names) for name, one in value.items()}
    return value


def _named(found: re.Match[str], names: Names) -> str:
    name = found.group()
    if name == DOLLAR:
        return "$"
    return name if name == OWN_MD5 else names.text(name.removeprefix("$"))


def with_own_md5(request: Operation) -> Operation:
    """Return the request with the MD5 of its own body where it says so."""
    if getattr(request, "content_md5", None) != OWN_MD5:
        return request
    return scenario.with_own_md5(request)


def numbered(kind: str, number: int) -> str:
    """Return the name of the sequence's bucket, directory bucket or alias of that number."""
    return f"${kind}{number}"
