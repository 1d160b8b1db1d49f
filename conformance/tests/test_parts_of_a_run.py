"""The small parts: choices, times, waivers, names, the live view, probing."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from conformance.ablation import open_session
from conformance.chooser import Chooser
from conformance.keeper import BucketKeeper
from conformance.live import LiveView
from conformance.probe import Prober, Support, make_keys
from conformance.scenario import Scenario, fresh_names, rename, with_own_keys
from conformance.settings import UsageError, make_settings, parse_time
from conformance.waivers import Waiver, Waivers
from conformance.worker import prefix_of
from model.clause import Capability
from model.delete_document import Deletion, Named, write_deletion
from model.messages import HttpRequest
from model.operations.copy_object import CopyObject
from model.operations.create_bucket import CreateBucket
from model.operations.delete_objects import DeleteObjects
from model.operations.kms import CreateAlias, CreateKey
from model.operations.put_bucket_encryption import PutBucketEncryption
from model.operations.put_object import PutObject
from model.sse import md5_base64

if TYPE_CHECKING:
    from pathlib import Path

    from model.messages import HttpResponse
    from targets.target import Connection

KEY_ID = "11111111-2222-3333-4444-555555555555"
ARN = f"arn:aws:kms:us-east-1:000000000000:key/{KEY_ID}"


# The chooser


def choices(entropy: bytes) -> list[object]:
    choose, dice = Chooser(entropy), random.Random(3)  # noqa: S311 - nothing secret is chosen
    made: list[object] = []
    for _ in range(300):
        made += [choose.below(dice.randint(1, 2000)), choose.chance(30), choose.pick("abc")]
        made += [choose.weighted([("x", 3), ("y", 1)])]
    return made


@pytest.mark.parametrize("entropy", [b"", b"\0", b"\0" * 384, b"\xff" * 384, bytes(range(256))])
def test_the_same_bytes_give_the_same_choices_however_few_they_are(entropy: bytes) -> None:
    assert choices(entropy) == choices(entropy)


def test_choices_are_within_bounds_and_of_every_kind() -> None:
    choose = Chooser(b"some bytes")
    assert {choose.below(5) for _ in range(500)} == set(range(5))
    assert {choose.chance(50) for _ in range(200)} == {True, False}
    assert not any(choose.chance(0) for _ in range(200))
    assert all(choose.chance(100) for _ in range(200))
    assert {choose.weighted([("x", 1), ("never", 0)]) for _ in range(200)} == {"x"}
    assert choose.pick(("only",)) == "only"
    with pytest.raises(IndexError):
        choose.pick(())


def test_other_bytes_give_other_choices() -> None:
    assert choices(b"one") != choices(b"two")


# Settings


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("60s", 60), ("5m", 300), ("1h30m", 5400), ("1.5m", 90), (" 2h ", 7200)],
)
def test_times_are_read(text: str, seconds: float) -> None:
    assert parse_time(text) == seconds


@pytest.mark.parametrize("text", ["", "s", "1d", "1 h", "-1", "0", "0s", "1e3", "5m!", "nan"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time"):
        parse_time(text)


def test_what_is_given_by_hand_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "suite.toml"
    file.write_text(
        '[run]\ntarget = "reference"\nseed = 5\nbudget = "2m"\nkms-key = ["a", "b"]\n'
        "sse-c-over-http = true\nas-of = 2026-01-01\n",
        encoding="utf-8",
    )
    settings = make_settings({"seed": 0, "target": None, "sse_c_over_http": False}, file)
    assert (settings.target, settings.seed, settings.budget) == ("reference", 0, 120)
    assert settings.kms_keys == ("a", "b")
    assert settings.sse_c_over_http
    assert settings.as_of == date(2026, 1, 1)


def test_an_endpoint_url_implies_its_target() -> None:
    assert make_settings({"endpoint_url": "http://127.0.0.1:1"}).target == "endpoint"
    assert make_settings({}).target == "moto"
    with pytest.raises(UsageError, match="leave one of the two out"):
        make_settings({"endpoint_url": "http://127.0.0.1:1", "target": "minio"})


# Waivers


def waiver(**fields: str) -> Waivers:
    whole = {"reason": "r", "owner": "o", "until": "2026-12-31", **fields}
    return Waivers((Waiver.model_validate(whole),), date(2026, 11, 23))


def test_a_waiver_covers_by_id_or_by_clause_and_operation() -> None:
    assert waiver(id="abc").of("abc", "any/clause", ["PutObject"])
    assert waiver(id="abc", clause="any/*").of("other", "any/clause", ["PutObject"]) is None
    assert waiver(clause="any/*").of("abc", "any/clause", ["PutObject"])
    assert waiver(clause="any/*").of("abc", "other/clause", ["PutObject"]) is None
    assert waiver(clause="any/*", operation="Get*").of("abc", "any/clause", ["PutObject"]) is None
    assert waiver(clause="any/*", operation="Get*").of("abc", "any/clause", ["GetObject"])
    assert Waivers().of("abc", "any/clause", ["PutObject"]) is None


def test_a_waiver_says_why_and_until_when() -> None:
    found = waiver(id="abc").of("abc", "any/clause", ["PutObject"])
    assert found == {"reason": "r", "owner": "o", "until": "2026-12-31"}
    assert waiver(id="abc", until="2026-11-22").of("abc", "any/clause", ["PutObject"]) is None


# Scenarios


def test_names_are_replaced_wherever_they_stand() -> None:
    names = {"old-bucket": "new-bucket", KEY_ID: "fresh-id"}
    document = f"<KMSMasterKeyID>{ARN}</KMSMasterKeyID>".encode()
    put = PutBucketEncryption(bucket="old-bucket", document=document)
    changed = rename(put, names)
    assert isinstance(changed, PutBucketEncryption)
    assert changed.bucket == "new-bucket"
    assert changed.document == document.replace(KEY_ID.encode(), b"fresh-id")
    copy = CopyObject(bucket="other", object_key="k", copy_source="old-bucket/k", kms_key_id=ARN)
    renamed = rename(copy, names)
    assert isinstance(renamed, CopyObject)
    assert renamed.copy_source == "new-bucket/k"
    assert renamed.kms_key_id == ARN.replace(KEY_ID, "fresh-id")
    body = PutObject(bucket="other", object_key="k", body=b"old-bucket")
    assert rename(body, names) is body


@pytest.mark.parametrize("stated", ["own", "other", None])
def test_a_renamed_document_states_its_own_md5_where_it_did_before(stated: str | None) -> None:
    document = write_deletion(Deletion((Named("k", "old-version"),)))
    texts = {"own": md5_base64(document), "other": md5_base64(b"other"), None: None}
    sent = DeleteObjects(bucket="b", document=document, content_md5=texts[stated])
    changed = rename(sent, {"old-version": "new-version"})
    assert isinstance(changed, DeleteObjects)
    assert b"new-version" in changed.document
    own = md5_base64(changed.document)
    assert changed.content_md5 == (own if stated == "own" else texts[stated])


def test_every_bucket_and_alias_gets_a_fresh_name() -> None:
    scenario = Scenario(
        (
            CreateBucket(bucket="one"),
            CreateAlias(alias="alias/one", key_id=KEY_ID),
            CopyObject(bucket="two", object_key="k", copy_source="three/k"),
        ),
        ((), (), ()),
    )
    names = fresh_names(scenario, "fresh")
    assert set(names) == {"one", "two", "three", "alias/one"}
    assert len(set(names.values())) == 4
    assert names["alias/one"].startswith("alias/")


def test_a_key_whose_making_is_left_out_is_named_no_more() -> None:
    scenario = Scenario(
        (
            CreateKey(),
            CreateBucket(bucket="b"),
            CreateAlias(alias="alias/a", key_id=KEY_ID),
            PutObject(bucket="b", object_key="k", sse="aws:kms", kms_key_id=ARN),
            PutObject(bucket="b", object_key="k", sse="aws:kms", kms_key_id="alias/a"),
        ),
        ((ARN, KEY_ID), (), (), (), ()),
    )
    assert scenario.only(range(5)) == scenario
    assert KEY_ID not in repr(scenario.only([1, 2, 3, 4]).requests)
    by_alias = scenario.only([0, 1, 3, 4]).requests[-1]
    assert isinstance(by_alias, PutObject)
    assert by_alias.kms_key_id not in {None, "alias/a"}
    assert scenario.only([0, 1, 3, 4]).requests[-2] == scenario.requests[-2]


def test_keys_of_the_pool_become_the_sequences_own() -> None:
    put = PutObject(bucket="b", object_key="k", sse="aws:kms", kms_key_id=ARN)
    scenario = Scenario((CreateBucket(bucket="b"), put), ((), ()))
    own = with_own_keys(scenario, [(KEY_ID, ARN), ("unused", "arn:unused")])
    assert [type(request) for request in own.requests] == [CreateKey, CreateBucket, PutObject]
    assert own.chosen == ((ARN, KEY_ID), (), ())
    assert with_own_keys(scenario, []) is scenario


# The rest


def test_bucket_names_follow_from_the_seed_and_the_worker() -> None:
    assert prefix_of(7, 0) == prefix_of(7, 0)
    assert len({prefix_of(seed, index) for seed in range(9) for index in range(4)}) == 36
    assert all(prefix_of(seed, 0).startswith("s3sse-") for seed in range(9))


def test_the_live_view_adds_up_the_workers_and_bears_what_is_half_written(tmp_path: Path) -> None:
    view = LiveView(Console(file=StringIO()), tmp_path, target="reference", budget="60 s")
    assert view.read()["requests"] == 0
    assert view.read()["phase"] == "setup"
    told = {"phase": "sequences", "sequences": 3, "clauses": ["a/b", "a/c"]}
    one = {**told, "requests": 10, "found": ["f1"], "severities": ["major"]}
    two = {**told, "requests": 5, "found": ["f1", "f2"], "severities": ["major", "critical"]}
    (tmp_path / "progress-w0.json").write_text(json.dumps(one), encoding="utf-8")
    (tmp_path / "progress-w1.json").write_text(json.dumps(two), encoding="utf-8")
    (tmp_path / "progress-w2.json").write_text('{"phase": "seq', encoding="utf-8")
    read = view.read()
    assert (read["requests"], read["clauses"], read["findings"]) == (15, 2, 2)
    assert read["by_severity"] == {"major": 1, "critical": 1}
    assert read["phase"] == "sequences"


def test_the_reference_is_found_to_support_everything() -> None:
    session = open_session(requests=200)
    session.begin("setup")
    keys = make_keys(session, 2)
    assert len({key.key_id for key in keys}) == 2
    found = Prober(session, "s3sse-probing-", keys).probe(kms_api=True)
    assert set(found) == set(Capability)
    assert {one.support for one in found.values()} == {Support.SUPPORTED}
    assert all(one.detail for one in found.values())


def test_what_an_answer_shows_is_not_asked_for_while_probing() -> None:
    session = open_session(requests=1000)
    session.begin("setup")
    keys = make_keys(session, 3)
    Prober(session, "s3sse-probing-", keys).probe(kms_api=True)
    sent = [step.request.operation for step in session.steps]
    # No answer shows what an upload came to, nor that an object does not open without its key.
    assert sent.count("HeadObject") == 2
    assert "GetBucketVersioning" not in sent
    assert len(sent) <= 54


class Silent:
    """The reference, but that its answers to some methods show no encryption."""

    def __init__(self, within: Connection, methods: set[str]) -> None:
        self.within = within
        self.endpoint = within.endpoint
        self.methods = methods

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send a request, and leave out of its answer what it says of encryption."""
        answer = self.within.send(request)
        if request.method not in self.methods:
            return answer
        headers = tuple((k, v) for k, v in answer.headers if "encryption" not in k.lower())
        return replace(answer, headers=headers)


@pytest.mark.parametrize(
    ("methods", "support"),
    [({"PUT"}, Support.SUPPORTED), ({"PUT", "HEAD"}, Support.IGNORED)],
)
def test_what_an_answer_does_not_show_is_asked_for_while_probing(
    methods: set[str], support: Support
) -> None:
    session = open_session(requests=1000)
    session.connection = Silent(session.connection, methods)
    session.begin("setup")
    found = Prober(session, "s3sse-probing-", make_keys(session, 3)).probe(kms_api=True)
    for capability in (Capability.SSE_S3, Capability.SSE_KMS, Capability.DSSE_KMS):
        assert found[capability].support is support, capability


def test_buckets_are_kept_in_mind_until_they_are_gone() -> None:
    keeper = BucketKeeper(open_session(requests=10).connection)
    for method, bucket in (("PUT", "one"), ("PUT", "two"), ("DELETE", "one"), ("DELETE", "none")):
        keeper.send(HttpRequest(method, bucket=bucket))
    keeper.send(HttpRequest("PUT", bucket="two", path="/object"))
    keeper.send(HttpRequest("DELETE", bucket="two", path="/object"))
    keeper.send(HttpRequest("DELETE", bucket="two", query=(("encryption", ""),)))
    assert list(keeper.buckets) == ["two"]
    keeper.send(HttpRequest("DELETE", bucket="two"))
    assert list(keeper.buckets) == []


def test_after_a_change_of_configuration_a_slow_endpoint_gets_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Amazon S3 gives no time by which a new default is seen everywhere."""
    slept: list[float] = []
    monkeypatch.setattr("conformance.session.time.sleep", slept.append)
    session = open_session(requests=10)
    session._settle = 5.0
    session.send(CreateBucket(bucket="s3sse-ablation-settles"))
    session.send(PutObject(bucket="s3sse-ablation-settles", object_key="a", body=b"x"))
    assert slept == [5.0]
