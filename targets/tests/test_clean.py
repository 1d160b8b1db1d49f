"""Leftovers go, on servers that do it by the book and on those that do not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from model.messages import BodyEnd, HttpRequest, HttpResponse
from targets.clean import find_leftovers, remove_bucket
from targets.moto import MotoTarget
from targets.options import TargetOptions
from targets.probing import child_text, parse_xml
from targets.target import Endpoint, NoAnswer
from targets.tests.toy_s3 import ToyS3

if TYPE_CHECKING:
    from collections.abc import Callable


class Direct:
    """A connection that leads to a function."""

    endpoint = Endpoint(url="http://direct")

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer
        self.sent = 0

    def send(self, request: HttpRequest) -> HttpResponse:
        """Answer at once."""
        self.sent += 1
        return self._answer(request)


def direct_to(toy: ToyS3) -> Direct:
    return Direct(lambda request: toy(request, False))  # noqa: FBT003


def full_bucket(count: int) -> dict[str, HttpRequest]:
    return {f"{number:04}/ä b": HttpRequest("PUT") for number in range(count)}


def test_leftovers_are_found_by_prefix() -> None:
    connection = direct_to(ToyS3(buckets={"s3sse-a": {}, "other": {}, "s3sse-b": {}}))
    assert find_leftovers(connection, "s3sse-") == ("s3sse-a", "s3sse-b")


def test_an_empty_prefix_is_refused() -> None:
    with pytest.raises(ValueError, match="prefix"):
        find_leftovers(direct_to(ToyS3()), "")


def test_a_refused_list_means_no_leftovers() -> None:
    refused = Direct(lambda _: HttpResponse(403, (), b"<Error><Code>AccessDenied</Code></Error>"))
    assert find_leftovers(refused, "s3sse-") == ()


def broken_off(toy: ToyS3, *, every: int) -> Direct:
    """Break off the body of every so manieth answer, in the middle."""
    count = 0

    def answer(request: HttpRequest) -> HttpResponse:
        nonlocal count
        count += 1
        whole = toy(request, False)  # noqa: FBT003
        if count % every:
            return whole
        half = whole.body[: len(whole.body) // 2]
        return replace(whole, body=half, ended=BodyEnd.BROKEN_OFF)

    return Direct(answer)


def test_a_list_of_buckets_that_breaks_off_does_not_mean_no_leftovers() -> None:
    with pytest.raises(NoAnswer, match="broke off"):
        find_leftovers(broken_off(ToyS3(buckets={"s3sse-a": {}}), every=1), "s3sse-")


def test_where_bodies_break_off_now_and_then_the_removal_begins_again() -> None:
    toy = ToyS3(buckets={"b": full_bucket(12)})
    connection = broken_off(toy, every=6)
    assert remove_bucket(connection, "b") is None
    assert "b" not in toy.buckets


def test_where_every_body_breaks_off_that_is_a_reason() -> None:
    connection = broken_off(ToyS3(buckets={"b": full_bucket(1)}), every=1)
    assert remove_bucket(connection, "b") == "bucket b: DELETE: the body of the answer broke off"


@pytest.mark.parametrize("page", [1, 7, 1000])
def test_a_server_that_answers_any_sub_resource_with_a_list_is_cleaned(page: int) -> None:
    toy = ToyS3(page=page, buckets={"b": full_bucket(20), "kept": full_bucket(1)})
    assert remove_bucket(direct_to(toy), "b") is None
    assert list(toy.buckets) == ["kept"]


def test_a_bucket_that_is_not_there_is_removed_already() -> None:
    assert remove_bucket(direct_to(ToyS3()), "b") is None


def test_what_cannot_be_removed_is_said() -> None:
    toy = ToyS3(buckets={"b": full_bucket(2)})
    toy.locked = set(list(toy.buckets["b"])[:1])
    reason = remove_bucket(direct_to(toy), "b")
    assert reason is not None
    assert reason.startswith("bucket b: DeleteObject of ")
    assert reason.endswith("403 AccessDenied")


def test_a_server_that_lists_in_circles_does_not_hold_us() -> None:
    def in_circles(request: HttpRequest) -> HttpResponse:
        if request.method == "DELETE" and request.path == "/":
            return HttpResponse(409, (), b"<Error><Code>BucketNotEmpty</Code></Error>")
        body = b"<R><IsTruncated>true</IsTruncated><Contents><Key>k</Key></Contents></R>"
        return HttpResponse(200 if request.method == "GET" else 204, (), body)

    connection = Direct(in_circles)
    reason = remove_bucket(connection, "b")
    assert reason == "bucket b: DeleteBucket was answered with 409 BucketNotEmpty"
    assert connection.sent < 50


def test_no_answer_is_a_reason_and_no_exception() -> None:
    def silent(request: HttpRequest) -> HttpResponse:
        raise NoAnswer(f"{request.method} got no answer")

    connection = Direct(silent)
    assert remove_bucket(connection, "b") == "bucket b: DELETE got no answer"
    assert connection.sent == 1


@pytest.mark.parametrize(("every", "is_removed"), [(6, True), (2, False)])
def test_where_answers_fail_to_come_now_and_then_it_begins_again(
    every: int, is_removed: bool
) -> None:
    toy = ToyS3(buckets={"b": full_bucket(12)})
    count = 0

    def now_and_then(request: HttpRequest) -> HttpResponse:
        nonlocal count
        count += 1
        answer = toy(request, False)  # noqa: FBT003
        if count % every == 0:
            raise NoAnswer(f"{request.method} got no answer")
        return answer

    problem = remove_bucket(Direct(now_and_then), "b")
    assert (problem is None) == is_removed
    assert ("b" not in toy.buckets) == is_removed


@pytest.mark.server
def test_versions_delete_markers_and_uploads_go_too() -> None:
    enabled = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    requests = (
        HttpRequest("PUT", bucket="s3sse-full"),
        HttpRequest("PUT", bucket="s3sse-full", query=(("versioning", ""),), body=enabled),
        *(HttpRequest("PUT", bucket="s3sse-full", path="/a/%C3%A4%20b") for _ in range(3)),
        HttpRequest("DELETE", bucket="s3sse-full", path="/a/%C3%A4%20b"),
        HttpRequest("POST", bucket="s3sse-full", path="/u", query=(("uploads", ""),)),
    )
    with MotoTarget(TargetOptions()).connect() as connection:
        answers = [connection.send(request) for request in requests]
        assert all(answer.status in (200, 204) for answer in answers)
        upload = parse_xml(answers[-1].body)
        assert upload is not None
        assert child_text(upload, "UploadId")
        assert find_leftovers(connection, "s3sse-") == ("s3sse-full",)
        assert remove_bucket(connection, "s3sse-full") is None
        assert find_leftovers(connection, "s3sse-") == ()
