from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.answer import ETAG, VERSION_ID
from model.clauses.tests.notation import (
    OBJECT,
    copy,
    create,
    customer,
    disable,
    get,
    head,
    put,
    put_default,
)
from model.clauses.tests.words_forms import MUST_NAME, PRESIGNED, post, put_policy
from model.clauses.tests.words_multipart import begin, complete, part
from model.clauses.tests.words_versioning import delete_several, enable
from model.delete_document import Named
from model.messages import Auth
from model.operations.create_multipart_upload import UPLOAD_ID
from model.operations.kms import KEY_ID, CreateKey
from targets.tests.faulty.demonstration import shows

if TYPE_CHECKING:
    from targets.tests.faulty.demonstration import Requests


@shows("paths/form-drops-the-kms-key")
def test_a_form_upload_is_under_another_key() -> Requests:
    made = yield CreateKey()
    yield create()
    yield post(sse="aws:kms", kms_key_id=made.text(KEY_ID))


@shows("paths/form-is-not-held-to-the-policy")
def test_a_form_upload_is_not_denied() -> Requests:
    yield create()
    yield put_policy(MUST_NAME)
    yield post()


@shows("paths/fields-beyond-the-policy-are-taken")
def test_a_field_that_the_policy_does_not_name_is_taken() -> Requests:
    yield create()
    yield post(sse="AES256", auth=Auth.POLICY_WITHOUT_ENCRYPTION)


@shows("paths/copy-of-a-form-upload-is-bare")
def test_a_copy_of_a_form_upload_lacks_its_metadata() -> Requests:
    yield create()
    yield replace(post(), metadata=(("colour", "red"),))
    yield copy()
    yield head("copy")


@shows("paths/presigned-default-is-cached")
def test_a_presigned_write_takes_an_old_default() -> Requests:
    yield create()
    yield put(auth=PRESIGNED)
    yield put_default("aws:kms")
    yield put(auth=PRESIGNED)


@shows("paths/copies-are-not-blocked")
def test_a_copy_with_a_customer_key_is_not_blocked() -> Requests:
    yield create()
    yield put()
    yield put_default(blocked=("SSE-C",))
    yield copy(**customer())


@shows("paths/upload-takes-a-disabled-key")
def test_an_upload_begins_under_a_disabled_key() -> Requests:
    made = yield CreateKey()
    kms_key_id = made.text(KEY_ID) or ""
    yield create()
    yield disable(kms_key_id)
    yield begin(sse="aws:kms", kms_key_id=kms_key_id)


@shows("paths/upload-misses-the-bucket-key")
def test_an_upload_does_without_the_bucket_key() -> Requests:
    yield create()
    yield put_default("aws:kms", flag="true")
    yield begin(sse="aws:kms")


@shows("paths/several-are-removed-for-good")
def test_a_deletion_of_several_removes_their_versions() -> Requests:
    yield create()
    yield enable()
    version = yield put()
    yield delete_several(OBJECT)
    yield replace(get(), version_id=version.text(VERSION_ID))


@shows("paths/several-keep-the-version")
def test_a_version_is_there_after_the_deletion_of_several() -> Requests:
    yield create()
    yield enable()
    version = yield put()
    yield delete_several(Named(OBJECT, version.text(VERSION_ID)))
    yield get()


@shows("paths/no-upload-matches")
def test_the_etag_of_an_upload_is_never_matched() -> Requests:
    yield create()
    begun = yield begin()
    upload = begun.text(UPLOAD_ID) or ""
    sent = yield part(upload=upload)
    made = yield complete((1, sent.text(ETAG) or ""), upload=upload)
    yield put(if_match=f'"{made.text(ETAG)}"')
