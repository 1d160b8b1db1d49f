"""PostObject, and customer keys in other alphabets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance import faults
from conformance.action import action
from conformance.universe import BODIES, CUSTOMER_KEYS, METADATA, URL_SAFE_KEYS
from model.clause import Capability
from model.messages import Auth
from model.operations.post_object import PostObject
from model.operations.put_object import PutObject

if TYPE_CHECKING:
    from conformance.chooser import Chooser
    from conformance.faults import Fields
    from conformance.requests import Faults, Requests
    from conformance.universe import Universe
    from model.operation import Operation

STATUSES = (None, None, None, "200", "201", "204")


@action(11, PostObject, left_out=40, needs=Capability.POST_FORM)
def post_object(build: Requests) -> Operation:
    """Return a PostObject: the upload of a form."""
    choose = build.choose
    fields: Fields = {"bucket": build.bucket(), "body": choose.pick(BODIES)}
    fields["object_key"] = choose.pick(build.universe.object_keys)
    fields["metadata"] = choose.pick(METADATA)
    fields["success_action_status"] = choose.pick(STATUSES)
    build.encryption(fields)
    if build.has(Capability.SSE_C) and choose.chance(8):
        _url_safe_key(choose, build.universe, fields)
    else:
        build.maybe_spoil(fields, _post_faults(build))
    if choose.chance(6):
        fields["auth"] = Auth.POLICY_WITHOUT_ENCRYPTION
    return PostObject(secure=build.secure, **fields)


def _post_faults(build: Requests) -> Faults:
    found = build.write_faults()
    if build.has(Capability.SSE_C):
        found += [(_key_beyond_ascii, 3)]
    return found


def _url_safe_key(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Write the customer key in base64's URL-safe alphabet, and mostly its MD5, too."""
    del universe
    faults.clear(fields)
    texts = choose.pick(URL_SAFE_KEYS)
    faults.put_customer_key(fields, texts)
    if choose.chance(25):
        md5 = str(texts.key_md5)
        fields["customer_key_md5"] = md5.replace("-", "+").replace("_", "/")


def _key_beyond_ascii(choose: Chooser, universe: Universe, fields: Fields) -> None:
    """Write a customer key with characters beyond ASCII, and sometimes another algorithm."""
    del universe
    faults.clear(fields)
    faults.put_customer_key(fields, choose.pick(CUSTOMER_KEYS))
    fields["customer_key"] = "\u00e9\u00e8\u00ea" * 15
    if choose.chance(50):
        fields["customer_algorithm"] = "AES128"


@action(2, left_out=60, needs=Capability.SSE_C)
def put_key_beyond_ascii(build: Requests) -> Operation:
    """Return a PutObject with a customer key header beyond ASCII."""
    fields: Fields = {"bucket": build.bucket(), "body": b"x", "object_key": "a"}
    _key_beyond_ascii(build.choose, build.universe, fields)
    return PutObject(secure=build.secure, **fields)
