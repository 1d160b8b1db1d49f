"""Examples of operations that name a bucket."""

from __future__ import annotations

from targets.tests.sdk.example import THERE, Example, Then
from targets.tests.sdk.stage import DATA

_RULE = {
    "ApplyServerSideEncryptionByDefault": {
        "SSEAlgorithm": "aws:kms",
        "KMSMasterKeyID": "$key_arn",
    },
    "BucketKeyEnabled": True,
}
_BASE = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
_DIRECTORY = {
    "Location": {"Type": "AvailabilityZone", "Name": "use1-az4"},
    "Bucket": {"Type": "Directory", "DataRedundancy": "SingleAvailabilityZone"},
}
_LISTED = {
    "Key": "hello.txt",
    "Size": len(DATA),
    "ETag": '"$etag"',
    "LastModified": THERE,
    "StorageClass": "STANDARD",
}

BUCKETS = (
    Example(
        operation="CreateBucket",
        after=(),
        params={"Bucket": "$bucket"},
        cli="s3api create-bucket --bucket $bucket",
        shows={"Location": "/$bucket"},
        then=Then("HeadBucket", {"Bucket": "$bucket"}, {"BucketRegion": "us-east-1"}),
    ),
    Example(
        operation="CreateBucket",
        title="in another region",
        after=(),
        params={
            "Bucket": "$bucket",
            "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"},
        },
        cli=(
            "s3api create-bucket --bucket $bucket"
            " --create-bucket-configuration LocationConstraint=eu-west-1"
        ),
        shows={"Location": "/$bucket"},
        then=Then("GetBucketLocation", {"Bucket": "$bucket"}, {"LocationConstraint": "eu-west-1"}),
    ),
    Example(
        operation="DeleteBucket",
        params={"Bucket": "$bucket"},
        cli="s3api delete-bucket --bucket $bucket",
        then=Then("HeadBucket", {"Bucket": "$bucket"}, {"Error": {"Code": "404"}}),
    ),
    Example(
        operation="ListBuckets",
        params={"Prefix": "$bucket", "MaxBuckets": 10},
        cli="s3api list-buckets --prefix $bucket --max-buckets 10",
        shows={
            "Buckets": [{"Name": "$bucket", "CreationDate": THERE, "BucketRegion": "us-east-1"}],
            "Owner": {"ID": THERE},
            "Prefix": "$bucket",
        },
    ),
    Example(
        operation="HeadBucket",
        params={"Bucket": "$bucket"},
        cli="s3api head-bucket --bucket $bucket",
        shows={"BucketRegion": "us-east-1", "AccessPointAlias": False},
    ),
    Example(
        operation="GetBucketLocation",
        params={"Bucket": "$bucket"},
        cli="s3api get-bucket-location --bucket $bucket",
        shows={"LocationConstraint": None},
    ),
    Example(
        operation="PutBucketEncryption",
        after=("bucket", "KMS key"),
        params={
            "Bucket": "$bucket",
            "ServerSideEncryptionConfiguration": {"Rules": [_RULE]},
        },
        cli=(
            "s3api put-bucket-encryption --bucket $bucket --server-side-encryption-configuration"
            " 'Rules=[{ApplyServerSideEncryptionByDefault={SSEAlgorithm=aws:kms,"
            "KMSMasterKeyID=$key_arn},BucketKeyEnabled=true}]'"
        ),
        then=Then(
            "GetBucketEncryption",
            {"Bucket": "$bucket"},
            {"ServerSideEncryptionConfiguration": {"Rules": [_RULE]}},
        ),
    ),
    Example(
        operation="GetBucketEncryption",
        after=("bucket", "KMS key", "default"),
        params={"Bucket": "$bucket"},
        cli="s3api get-bucket-encryption --bucket $bucket",
        shows={"ServerSideEncryptionConfiguration": {"Rules": [_RULE]}},
    ),
    Example(
        operation="DeleteBucketEncryption",
        after=("bucket", "KMS key", "default"),
        params={"Bucket": "$bucket"},
        cli="s3api delete-bucket-encryption --bucket $bucket",
        then=Then(
            "GetBucketEncryption",
            {"Bucket": "$bucket"},
            {"ServerSideEncryptionConfiguration": {"Rules": [_BASE]}},
        ),
    ),
    Example(
        operation="ListObjects",
        after=("bucket", "object"),
        params={"Bucket": "$bucket", "Prefix": "hello"},
        cli="s3api list-objects --bucket $bucket --prefix hello",
        shows={"Contents": [{**_LISTED, "Owner": {"ID": THERE}}]},
    ),
    Example(
        operation="ListObjectsV2",
        after=("bucket", "object"),
        params={"Bucket": "$bucket", "Prefix": "hello", "MaxKeys": 10},
        cli="s3api list-objects-v2 --bucket $bucket --prefix hello --max-items 10",
        shows={"Contents": [_LISTED]},
    ),
    Example(
        operation="PutBucketVersioning",
        params={"Bucket": "$bucket", "VersioningConfiguration": {"Status": "Enabled"}},
        cli=(
            "s3api put-bucket-versioning --bucket $bucket --versioning-configuration Status=Enabled"
        ),
        then=Then("GetBucketVersioning", {"Bucket": "$bucket"}, {"Status": "Enabled"}),
    ),
    Example(
        operation="GetBucketVersioning",
        after=("bucket", "versioning"),
        params={"Bucket": "$bucket"},
        cli="s3api get-bucket-versioning --bucket $bucket",
        shows={"Status": "Enabled"},
    ),
    Example(
        operation="ListObjectVersions",
        after=("bucket", "object"),
        params={"Bucket": "$bucket"},
        cli="s3api list-object-versions --bucket $bucket",
        shows={"Versions": [{**_LISTED, "VersionId": "null", "IsLatest": True}]},
    ),
    Example(
        operation="ListObjectVersions",
        title="where there are some",
        after=("bucket", "versioning", "version"),
        params={"Bucket": "$bucket"},
        cli="s3api list-object-versions --bucket $bucket",
        shows={
            "Versions": [
                {
                    "Key": "hello.txt",
                    "VersionId": "$version_id",
                    "IsLatest": True,
                    "Size": len(DATA),
                    "LastModified": THERE,
                }
            ]
        },
    ),
    Example(
        operation="PutBucketPolicy",
        params={"Bucket": "$bucket", "Policy": "$policy"},
        cli="s3api put-bucket-policy --bucket $bucket --policy '$policy'",
        then=Then(
            "PutObject",
            {"Bucket": "$bucket", "Key": "hello.txt"},
            {"Error": {"Code": "AccessDenied"}},
        ),
    ),
    Example(
        operation="DeleteBucketPolicy",
        after=("bucket", "policy"),
        params={"Bucket": "$bucket"},
        cli="s3api delete-bucket-policy --bucket $bucket",
        then=Then(
            "PutObject",
            {"Bucket": "$bucket", "Key": "hello.txt"},
            {"ServerSideEncryption": "AES256"},
        ),
    ),
)

DIRECTORY_BUCKETS = (
    Example(
        operation="CreateBucket",
        title="for a directory",
        takes=("CreateSession",),
        after=(),
        params={"Bucket": "$directory", "CreateBucketConfiguration": _DIRECTORY},
        cli=(
            "s3api create-bucket --bucket $directory --create-bucket-configuration"
            " 'Location={Type=AvailabilityZone,Name=use1-az4},"
            "Bucket={Type=Directory,DataRedundancy=SingleAvailabilityZone}'"
        ),
        session=False,
    ),
    Example(
        operation="CreateSession",
        after=("directory bucket",),
        params={"Bucket": "$directory"},
        cli="s3api create-session --bucket $directory",
        shows={
            "Credentials": {
                "AccessKeyId": THERE,
                "SecretAccessKey": THERE,
                "SessionToken": THERE,
                "Expiration": THERE,
            }
        },
    ),
    Example(
        operation="PutObject",
        title="in a directory bucket",
        after=("directory bucket",),
        params={"Bucket": "$directory", "Key": "hello.txt", "Body": DATA},
        cli="s3api put-object --bucket $directory --key hello.txt --body $file",
        shows={"ETag": THERE, "ServerSideEncryption": "AES256"},
    ),
    Example(
        operation="GetObject",
        title="from a directory bucket",
        after=("directory bucket", "object in directory"),
        params={"Bucket": "$directory", "Key": "hello.txt"},
        cli="s3api get-object --bucket $directory --key hello.txt $out",
        shows={"Body": DATA, "ServerSideEncryption": "AES256"},
    ),
    Example(
        operation="RenameObject",
        after=("directory bucket", "object in directory"),
        params={"Bucket": "$directory", "Key": "moved.txt", "RenameSource": "hello.txt"},
        cli=("s3api rename-object --bucket $directory --key moved.txt --rename-source hello.txt"),
        then=Then(
            "HeadObject", {"Bucket": "$directory", "Key": "moved.txt"}, {"ContentLength": len(DATA)}
        ),
    ),
    Example(
        operation="ListDirectoryBuckets",
        after=(),
        cli="s3api list-directory-buckets",
        shows={"Buckets": THERE},
    ),
)
