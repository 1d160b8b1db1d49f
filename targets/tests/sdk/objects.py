"""Examples of operations that name an object."""

from __future__ import annotations

from targets.tests.sdk.example import THERE, Example, Then
from targets.tests.sdk.stage import CUSTOMER_KEY, DATA

_KEY_MD5 = "$customer_key_md5"
_CUSTOMER = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": CUSTOMER_KEY}
_CUSTOMER_OPTIONS = "--sse-customer-algorithm AES256 --sse-customer-key fileb://$customer_key"
_CUSTOMER_SHOWN = {"SSECustomerAlgorithm": "AES256", "SSECustomerKeyMD5": _KEY_MD5}
_PLACE = {"Bucket": "$bucket", "Key": "hello.txt"}
_PUT = {**_PLACE, "Body": DATA}
_PUT_COMMAND = "s3api put-object --bucket $bucket --key hello.txt --body $file"
_TEXT = {"ContentType": "text/plain", "ContentLength": len(DATA), "LastModified": THERE}

PUTS = (
    Example(
        operation="PutObject",
        params={**_PUT, "ContentType": "text/plain", "Metadata": {"team": "blue"}},
        cli=f"{_PUT_COMMAND} --content-type text/plain --metadata team=blue",
        shows={"ETag": '"$data_md5"', "ServerSideEncryption": "AES256"},
        then=Then(
            "HeadObject", _PLACE, {"ContentType": "text/plain", "Metadata": {"team": "blue"}}
        ),
    ),
    Example(
        operation="PutObject",
        title="under SSE-S3",
        params={**_PUT, "ServerSideEncryption": "AES256"},
        cli=f"{_PUT_COMMAND} --server-side-encryption AES256",
        shows={"ETag": '"$data_md5"', "ServerSideEncryption": "AES256"},
    ),
    Example(
        operation="PutObject",
        title="under SSE-KMS",
        after=("bucket", "KMS key"),
        params={
            **_PUT,
            "ServerSideEncryption": "aws:kms",
            "SSEKMSKeyId": "$key_id",
            "SSEKMSEncryptionContext": "$context",
            "BucketKeyEnabled": True,
        },
        cli=(
            f"{_PUT_COMMAND} --server-side-encryption aws:kms --ssekms-key-id $key_id"
            " --ssekms-encryption-context $context --bucket-key-enabled"
        ),
        shows={
            "ServerSideEncryption": "aws:kms",
            "SSEKMSKeyId": "$key_arn",
            "BucketKeyEnabled": True,
        },
    ),
    Example(
        operation="PutObject",
        title="under SSE-KMS with the managed key",
        params={**_PUT, "ServerSideEncryption": "aws:kms"},
        cli=f"{_PUT_COMMAND} --server-side-encryption aws:kms",
        shows={"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": THERE},
    ),
    Example(
        operation="PutObject",
        title="under SSE-KMS by alias",
        after=("bucket", "KMS key", "alias"),
        params={**_PUT, "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "$alias"},
        cli=f"{_PUT_COMMAND} --server-side-encryption aws:kms --ssekms-key-id $alias",
        shows={"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "$key_arn"},
    ),
    Example(
        operation="PutObject",
        title="under DSSE-KMS",
        after=("bucket", "KMS key"),
        params={**_PUT, "ServerSideEncryption": "aws:kms:dsse", "SSEKMSKeyId": "$key_arn"},
        cli=f"{_PUT_COMMAND} --server-side-encryption aws:kms:dsse --ssekms-key-id $key_arn",
        shows={"ServerSideEncryption": "aws:kms:dsse", "SSEKMSKeyId": "$key_arn"},
    ),
    Example(
        operation="PutObject",
        title="under SSE-C",
        params={**_PUT, **_CUSTOMER},
        cli=f"{_PUT_COMMAND} {_CUSTOMER_OPTIONS}",
        shows=_CUSTOMER_SHOWN,
    ),
    Example(
        operation="PutObject",
        title="under the default",
        after=("bucket", "KMS key", "default"),
        params=_PUT,
        cli=_PUT_COMMAND,
        shows={
            "ServerSideEncryption": "aws:kms",
            "SSEKMSKeyId": "$key_arn",
            "BucketKeyEnabled": True,
        },
    ),
)

READS = (
    Example(
        operation="GetObject",
        after=("bucket", "object"),
        params=_PLACE,
        cli="s3api get-object --bucket $bucket --key hello.txt $out",
        shows={
            **_TEXT,
            "Body": DATA,
            "ETag": '"$etag"',
            "AcceptRanges": "bytes",
            "ServerSideEncryption": "AES256",
        },
    ),
    Example(
        operation="GetObject",
        title="of a range",
        after=("bucket", "object"),
        params={**_PLACE, "Range": "bytes=7-11"},
        cli="s3api get-object --bucket $bucket --key hello.txt --range bytes=7-11 $out",
        shows={"Body": DATA[7:12], "ContentRange": "bytes 7-11/12", "ContentLength": 5},
    ),
    Example(
        operation="GetObject",
        title="under SSE-C",
        after=("bucket", "object under SSE-C"),
        params={**_PLACE, **_CUSTOMER},
        cli=f"s3api get-object --bucket $bucket --key hello.txt {_CUSTOMER_OPTIONS} $out",
        shows={"Body": DATA, **_CUSTOMER_SHOWN},
    ),
    Example(
        operation="GetObject",
        title="of a version",
        after=("bucket", "versioning", "version"),
        params={**_PLACE, "VersionId": "$version_id"},
        cli="s3api get-object --bucket $bucket --key hello.txt --version-id $version_id $out",
        shows={"Body": DATA, "VersionId": "$version_id"},
    ),
    Example(
        operation="HeadObject",
        after=("bucket", "object"),
        params=_PLACE,
        cli="s3api head-object --bucket $bucket --key hello.txt",
        shows={**_TEXT, "ETag": '"$etag"', "AcceptRanges": "bytes"},
    ),
    Example(
        operation="HeadObject",
        title="under SSE-KMS",
        after=("bucket", "KMS key", "object under SSE-KMS"),
        params=_PLACE,
        cli="s3api head-object --bucket $bucket --key hello.txt",
        shows={"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "$key_arn"},
    ),
    Example(
        operation="HeadObject",
        title="under SSE-C",
        after=("bucket", "object under SSE-C"),
        params={**_PLACE, **_CUSTOMER},
        cli=f"s3api head-object --bucket $bucket --key hello.txt {_CUSTOMER_OPTIONS}",
        shows={"ContentLength": len(DATA), **_CUSTOMER_SHOWN},
    ),
    Example(
        operation="GetObjectAttributes",
        after=("bucket", "object"),
        params={**_PLACE, "ObjectAttributes": ["ETag", "ObjectSize"]},
        cli=(
            "s3api get-object-attributes --bucket $bucket --key hello.txt"
            " --object-attributes ETag ObjectSize"
        ),
        shows={"ETag": "$etag", "ObjectSize": len(DATA), "LastModified": THERE},
    ),
)

_COPY = {"Bucket": "$bucket", "Key": "copy.txt", "CopySource": "$bucket/hello.txt"}
_COPY_COMMAND = "s3api copy-object --bucket $bucket --key copy.txt --copy-source $bucket/hello.txt"

CHANGES = (
    Example(
        operation="CopyObject",
        after=("bucket", "object"),
        params=_COPY,
        cli=_COPY_COMMAND,
        shows={
            "ServerSideEncryption": "AES256",
            "CopyObjectResult": {"ETag": '"$etag"', "LastModified": THERE},
        },
        then=Then(
            "GetObject",
            {"Bucket": "$bucket", "Key": "copy.txt"},
            {"Body": DATA, "ContentType": "text/plain"},
        ),
    ),
    Example(
        operation="CopyObject",
        title="to SSE-KMS",
        after=("bucket", "object", "KMS key"),
        params={**_COPY, "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "$key_id"},
        cli=f"{_COPY_COMMAND} --server-side-encryption aws:kms --ssekms-key-id $key_id",
        shows={"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "$key_arn"},
    ),
    Example(
        operation="CopyObject",
        title="from SSE-C",
        after=("bucket", "object under SSE-C"),
        params={
            **_COPY,
            "CopySourceSSECustomerAlgorithm": "AES256",
            "CopySourceSSECustomerKey": CUSTOMER_KEY,
        },
        cli=(
            f"{_COPY_COMMAND} --copy-source-sse-customer-algorithm AES256"
            " --copy-source-sse-customer-key fileb://$customer_key"
        ),
        shows={"ServerSideEncryption": "AES256"},
    ),
    Example(
        operation="DeleteObject",
        after=("bucket", "object"),
        params=_PLACE,
        cli="s3api delete-object --bucket $bucket --key hello.txt",
        then=Then("HeadObject", _PLACE, {"Error": {"Code": "404"}}),
    ),
    Example(
        operation="DeleteObject",
        title="in a bucket with versions",
        after=("bucket", "versioning", "version"),
        params=_PLACE,
        cli="s3api delete-object --bucket $bucket --key hello.txt",
        shows={"DeleteMarker": True, "VersionId": THERE},
    ),
    Example(
        operation="DeleteObjects",
        after=("bucket", "object"),
        params={"Bucket": "$bucket", "Delete": {"Objects": [{"Key": "hello.txt"}]}},
        cli="s3api delete-objects --bucket $bucket --delete 'Objects=[{Key=hello.txt}]'",
        shows={"Deleted": [{"Key": "hello.txt"}]},
        then=Then("HeadObject", _PLACE, {"Error": {"Code": "404"}}),
    ),
    Example(
        operation="RestoreObject",
        after=("bucket", "archived object"),
        params={
            **_PLACE,
            "RestoreRequest": {"Days": 1, "GlacierJobParameters": {"Tier": "Bulk"}},
        },
        cli=(
            "s3api restore-object --bucket $bucket --key hello.txt"
            " --restore-request 'Days=1,GlacierJobParameters={Tier=Bulk}'"
        ),
        then=Then("GetObject", _PLACE, {"Body": DATA}),
    ),
    Example(
        operation="UpdateObjectEncryption",
        after=("bucket", "object", "KMS key"),
        params={
            **_PLACE,
            "ObjectEncryption": {"SSEKMS": {"KMSKeyArn": "$key_arn", "BucketKeyEnabled": True}},
        },
        cli=(
            "s3api update-object-encryption --bucket $bucket --key hello.txt --object-encryption"
            " 'SSEKMS={KMSKeyArn=$key_arn,BucketKeyEnabled=true}'"
        ),
        then=Then("HeadObject", _PLACE, {"SSEKMSKeyId": "$key_arn", "BucketKeyEnabled": True}),
    ),
)
