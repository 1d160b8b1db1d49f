"""Examples of multipart uploads."""

from __future__ import annotations

from targets.tests.sdk.example import THERE, Example, Then
from targets.tests.sdk.stage import CUSTOMER_KEY, DATA

_PLACE = {"Bucket": "$bucket", "Key": "hello.txt"}
_WHERE = "--bucket $bucket --key hello.txt"
_UPLOAD = {**_PLACE, "UploadId": "$upload_id"}
_WITHIN = f"{_WHERE} --upload-id $upload_id"
_BEGUN = ("bucket", "upload")
_FILLED = ("bucket", "upload", "part")

UPLOADS = (
    Example(
        operation="CreateMultipartUpload",
        params={**_PLACE, "ServerSideEncryption": "AES256"},
        cli=f"s3api create-multipart-upload {_WHERE} --server-side-encryption AES256",
        shows={
            "Bucket": "$bucket",
            "Key": "hello.txt",
            "UploadId": THERE,
            "ServerSideEncryption": "AES256",
        },
    ),
    Example(
        operation="CreateMultipartUpload",
        title="under SSE-C",
        params={
            **_PLACE,
            "SSECustomerAlgorithm": "AES256",
            "SSECustomerKey": CUSTOMER_KEY,
        },
        cli=(
            f"s3api create-multipart-upload {_WHERE} --sse-customer-algorithm AES256"
            " --sse-customer-key fileb://$customer_key"
        ),
        shows={"UploadId": THERE, "SSECustomerAlgorithm": "AES256"},
    ),
    Example(
        operation="UploadPart",
        after=_BEGUN,
        params={**_UPLOAD, "PartNumber": 1, "Body": DATA},
        cli=f"s3api upload-part {_WITHIN} --part-number 1 --body $file",
        shows={"ETag": THERE, "ServerSideEncryption": "AES256"},
    ),
    Example(
        operation="UploadPartCopy",
        after=("bucket", "object", "upload"),
        params={**_UPLOAD, "PartNumber": 2, "CopySource": "$bucket/hello.txt"},
        cli=f"s3api upload-part-copy {_WITHIN} --part-number 2 --copy-source $bucket/hello.txt",
        shows={"CopyPartResult": {"ETag": THERE, "LastModified": THERE}},
    ),
    Example(
        operation="ListParts",
        after=_FILLED,
        params=_UPLOAD,
        cli=f"s3api list-parts {_WITHIN}",
        shows={"Parts": [{"PartNumber": 1, "ETag": '"$part_etag"', "Size": len(DATA)}]},
    ),
    Example(
        operation="ListMultipartUploads",
        after=_BEGUN,
        params={"Bucket": "$bucket"},
        cli="s3api list-multipart-uploads --bucket $bucket",
        shows={"Uploads": [{"Key": "hello.txt", "UploadId": "$upload_id"}]},
    ),
    Example(
        operation="CompleteMultipartUpload",
        after=_FILLED,
        params={
            **_UPLOAD,
            "MultipartUpload": {"Parts": [{"PartNumber": 1, "ETag": "$part_etag"}]},
        },
        cli=(
            f"s3api complete-multipart-upload {_WITHIN}"
            " --multipart-upload 'Parts=[{PartNumber=1,ETag=$part_etag}]'"
        ),
        shows={"Bucket": "$bucket", "Key": "hello.txt", "ETag": THERE},
        then=Then("GetObject", _PLACE, {"Body": DATA}),
    ),
    Example(
        operation="AbortMultipartUpload",
        after=_FILLED,
        params=_UPLOAD,
        cli=f"s3api abort-multipart-upload {_WITHIN}",
        then=Then("ListParts", _UPLOAD, {"Error": {"Code": "NoSuchUpload"}}),
    ),
)
