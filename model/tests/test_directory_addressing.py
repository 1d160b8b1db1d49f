"""Where AWS wants requests about directory buckets, as its own rules for SDKs say it."""

import pytest
from botocore.endpoint_provider import EndpointProvider
from botocore.session import Session

from model.addressing import Addressing, directory_host, is_aws_endpoint, is_directory_bucket
from model.messages import HttpRequest

BUCKET = "s3sse-a--use1-az4--x-s3"
KEY = HttpRequest("PUT", bucket=BUCKET, path="/k")
ENCRYPTION = HttpRequest("PUT", bucket=BUCKET, query=(("encryption", ""),))
US = "s3.us-east-1.amazonaws.com"


@pytest.fixture(scope="module")
def provider() -> EndpointProvider:
    """Give AWS's rules for the endpoints of S3, as they come with botocore."""
    loader = Session().get_component("data_loader")
    return EndpointProvider(
        loader.load_service_model("s3", "endpoint-rule-set-1"),
        loader.load_data("partitions"),
    )


def url_of(request: HttpRequest, region: str, suffix: str = "amazonaws.com") -> str:
    secure, url = Addressing(f"https://s3.{region}.{suffix}", "", "path").url_of(request)
    assert secure
    return url


@pytest.mark.agreement
@pytest.mark.parametrize("bucket", [BUCKET, "a--usw2-lax1-az1--x-s3", "a--b--apne1-az4--x-s3"])
@pytest.mark.parametrize(
    ("region", "suffix"),
    [
        ("us-east-1", "amazonaws.com"),
        ("eu-north-1", "amazonaws.com"),
        ("cn-north-1", "amazonaws.com.cn"),
    ],
)
def test_the_hosts_are_those_of_awss_rules(
    provider: EndpointProvider, bucket: str, region: str, suffix: str
) -> None:
    for control in (False, True):
        resolved = provider.resolve_endpoint(
            Bucket=bucket,
            Region=region,
            UseFIPS=False,
            UseDualStack=False,
            UseS3ExpressControlEndpoint=control,
        )
        query = (("encryption", ""),) if control else (("session", ""),)
        request = HttpRequest("GET", bucket=bucket, query=query)
        assert url_of(request, region, suffix).removesuffix("/") == resolved.url
        assert resolved.properties["authSchemes"][0]["signingName"] == "s3express"


@pytest.mark.agreement
def test_each_operation_goes_to_the_host_that_its_model_names() -> None:
    model = Session().get_service_model("s3")
    seen = {True: 0, False: 0}
    for name in model.operation_names:
        operation = model.operation_model(name)
        path, _, query = operation.http["requestUri"].partition("?")
        if "{Bucket}" not in path:
            continue
        pairs = tuple(part.partition("=")[::2] for part in query.split("&") if part)
        request = HttpRequest(
            operation.http["method"],
            bucket=BUCKET,
            path="/k" if "{Key" in path else "/",
            query=tuple((one, value) for one, value in pairs),
        )
        static = {p.name: p.value for p in operation.static_context_parameters}
        control = static.get("UseS3ExpressControlEndpoint", False)
        host = directory_host(US, request)
        assert host is not None
        assert host.names_bucket is not control, name
        seen[control] += 1
    assert min(seen.values()) > 30


def test_objects_are_asked_for_in_the_zone_and_settings_of_the_region() -> None:
    zone = f"https://{BUCKET}.s3express-use1-az4.us-east-1.amazonaws.com"
    control = f"https://s3express-control.us-east-1.amazonaws.com/{BUCKET}"
    assert url_of(KEY, "us-east-1") == f"{zone}/k"
    assert url_of(HttpRequest("HEAD", bucket=BUCKET), "us-east-1") == f"{zone}/"
    listing = HttpRequest("GET", bucket=BUCKET, query=(("prefix", "a"), ("max-keys", "1")))
    assert url_of(listing, "us-east-1") == f"{zone}/"
    assert url_of(ENCRYPTION, "us-east-1") == control
    assert url_of(HttpRequest("PUT", bucket=BUCKET), "us-east-1") == control
    assert url_of(HttpRequest("DELETE", bucket=BUCKET), "us-east-1") == control


@pytest.mark.parametrize(
    ("endpoint", "request_", "expected"),
    [
        ("http://127.0.0.1:9000", KEY, f"http://127.0.0.1:9000/{BUCKET}/k"),
        ("https://s3.example.org/base", ENCRYPTION, f"https://s3.example.org/base/{BUCKET}"),
        (
            f"https://{US}",
            HttpRequest("PUT", bucket="no-zone--x-s3", path="/k"),
            f"https://{US}/no-zone--x-s3/k",
        ),
        (f"https://{US}", HttpRequest("PUT", bucket="b", path="/k"), f"https://{US}/b/k"),
    ],
)
def test_elsewhere_a_directory_bucket_is_addressed_like_any_other(
    endpoint: str, request_: HttpRequest, expected: str
) -> None:
    assert Addressing(endpoint, "", "path").url_of(request_)[1] == expected


@pytest.mark.parametrize("style", ["path", "virtual"])
@pytest.mark.parametrize("request_", [KEY, ENCRYPTION, HttpRequest("DELETE", bucket=BUCKET)])
def test_what_goes_to_such_a_host_is_found_again(style: str, request_: HttpRequest) -> None:
    for known in (f"https://{US}", ""):
        _, url = Addressing(f"https://{US}", "", style).url_of(request_)
        found = Addressing(known, "", style).locate(url, "")
        assert found is not None
        assert (found.bucket, found.path) == (BUCKET, request_.path)
        assert not found.foreign


@pytest.mark.parametrize(
    ("url", "is_aws"),
    [
        (f"https://{US}", True),
        ("https://s3.amazonaws.com", True),
        ("https://s3-us-west-2.amazonaws.com/", True),
        ("https://s3.dualstack.eu-west-1.amazonaws.com", True),
        ("https://s3.cn-north-1.amazonaws.com.cn", True),
        ("https://s3.example.org", False),
        ("http://127.0.0.1:9000", False),
    ],
)
def test_the_endpoints_of_aws_are_known_by_their_names(url: str, is_aws: bool) -> None:
    assert is_aws_endpoint(url) is is_aws


def test_the_oldest_endpoint_stands_for_its_region() -> None:
    found = directory_host("s3.amazonaws.com", KEY)
    assert found is not None
    assert found.name == f"{BUCKET}.s3express-use1-az4.us-east-1.amazonaws.com"


def test_a_directory_bucket_is_known_by_its_name() -> None:
    assert is_directory_bucket(BUCKET)
    assert not is_directory_bucket("x-s3")
