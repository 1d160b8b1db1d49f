"""Ways in which a request of an upload in parts can be wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import faults
from conformance.universe import CONTEXTS, CUSTOMER_KEYS, SHORT_KEYS, UNKNOWN_KEY_ID
from model.clause import Capability
from model.completion_document import ListedPart, write_completion
from model.sse import md5_base64

if TYPE_CHECKING:
    from conformance.chooser import Chooser
    from conformance.faults import Fields
    from conformance.universe import Universe

NO_UPLOAD = "bm8gc3VjaCB1cGxvYWQgd2FzIGV2ZXIgbWFkZQ"
NO_ETAG = "0123456789abcdef0123456789abcdef"
PARTS, ALL_PARTS = "parts", "all parts"
"""The fields that hold the list of a completion, until its document is written, and all parts."""


def algorithm(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Name an encryption where it was decided already."""
    del universe
    fields["sse"] = choose.pick(("AES256", "aws:kms", "aws:kms:dsse", "nonsense"))


def kms_headers(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Send one of the KMS headers where they do not belong."""
    key = universe.kms_keys[0].key_id if universe.kms_keys else UNKNOWN_KEY_ID
    name, value = choose.pick(
        (
            ("kms_key_id", key),
            ("bucket_key_enabled", "true"),
            ("encryption_context", CONTEXTS[0]),
        )
    )
    fields[name] = value


def part_number(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Name a part that no upload has."""
    del universe
    fields["part_number"] = choose.pick(("0", "10001", "-1", "100000"))


def no_key(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Leave the customer key out, or send one to an upload that has none."""
    if "customer_key" in fields:
        faults.put_customer_key(fields, None)
    else:
        some_key(choose, universe, fields)


def some_key(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Send some customer key."""
    del universe
    faults.put_customer_key(fields, choose.pick(CUSTOMER_KEYS))


def other_key(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Send a customer key that is right in itself, and another than that of the upload."""
    del universe
    others = [k for k in (*CUSTOMER_KEYS, SHORT_KEYS[0]) if k.key != fields.get("customer_key")]
    faults.put_customer_key(fields, choose.pick(others))


def content_md5(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Send a Content-MD5 that is none, or that of other data, now and then with a wrong key."""
    if choose.chance(80) and "customer_key" in fields:
        faults.wrong_customer_key(choose, universe, fields)
    bad = "bm90IGFuIE1ENQ=="
    fields["content_md5"] = choose.pick((bad, bad, md5_base64(b"other data")))


def other_etag(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """List a part with an ETag that it has not."""
    del universe
    parts: list[ListedPart] = fields[PARTS]
    index = choose.below(len(parts))
    parts[index] = parts[index]._replace(etag_text=f'"{NO_ETAG}"')


def missing_part(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """List a part that was not uploaded."""
    del universe
    parts: list[ListedPart] = fields[PARTS]
    number = parts[-1].number + choose.pick((1, 2))
    parts.append(ListedPart(number, f'"{NO_ETAG}"'))


def whole_list(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """List all parts, in descending order or (where they are small) without need."""
    del universe
    fields[PARTS] = fields[ALL_PARTS][:: choose.pick((1, -1))]


def impossible_number(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """List a part number below 1, now and then beside a wrong key."""
    fields[PARTS] = [ListedPart(choose.pick((0, -1)), f'"{NO_ETAG}"')]
    if universe.has(Capability.SSE_C) and choose.chance(60):
        faults.wrong_customer_key(choose, universe, fields)


def wrong_key_and_etag(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Send a customer key that is wrong in itself, and list an ETag that is wrong, too."""
    faults.wrong_customer_key(choose, universe, fields)
    other_etag(choose, universe, fields)


def document(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Send something else than a list of parts."""
    del universe
    fields["document"] = choose.pick(
        (b"", b"<CompleteMultipartUpload><Part>", write_completion([]), b"<Delete/>")
    )
