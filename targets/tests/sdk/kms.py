"""Examples of the KMS API beside S3."""

from __future__ import annotations

from targets.tests.sdk.example import THERE, Example, Then

KMS = (
    Example(
        operation="CreateKey",
        after=(),
        params={"Description": "for the examples"},
        cli="kms create-key --description 'for the examples'",
        shows={
            "KeyMetadata": {
                "KeyId": THERE,
                "Arn": THERE,
                "Enabled": True,
                "KeyState": "Enabled",
                "KeyManager": "CUSTOMER",
                "KeySpec": "SYMMETRIC_DEFAULT",
                "CreationDate": THERE,
            }
        },
    ),
    Example(
        operation="DescribeKey",
        after=("KMS key",),
        params={"KeyId": "$key_arn"},
        cli="kms describe-key --key-id $key_arn",
        shows={"KeyMetadata": {"KeyId": "$key_id", "Arn": "$key_arn", "KeyState": "Enabled"}},
    ),
    Example(
        operation="DescribeKey",
        title="by its alias",
        after=("KMS key", "alias"),
        params={"KeyId": "$alias"},
        cli="kms describe-key --key-id $alias",
        shows={"KeyMetadata": {"KeyId": "$key_id"}},
    ),
    Example(
        operation="DescribeKey",
        title="that is the managed one",
        after=("bucket", "KMS key", "managed"),
        params={"KeyId": "alias/aws/s3"},
        cli="kms describe-key --key-id alias/aws/s3",
        shows={"KeyMetadata": {"Arn": "$managed_arn", "KeyManager": "AWS"}},
    ),
    Example(
        operation="DisableKey",
        after=("KMS key",),
        params={"KeyId": "$key_id"},
        cli="kms disable-key --key-id $key_id",
        then=Then("DescribeKey", {"KeyId": "$key_id"}, {"KeyMetadata": {"KeyState": "Disabled"}}),
    ),
    Example(
        operation="EnableKey",
        after=("KMS key", "disabled"),
        params={"KeyId": "$key_id"},
        cli="kms enable-key --key-id $key_id",
        then=Then("DescribeKey", {"KeyId": "$key_id"}, {"KeyMetadata": {"KeyState": "Enabled"}}),
    ),
    Example(
        operation="ScheduleKeyDeletion",
        after=("KMS key",),
        params={"KeyId": "$key_id", "PendingWindowInDays": 7},
        cli="kms schedule-key-deletion --key-id $key_id --pending-window-in-days 7",
        shows={
            "KeyId": "$key_arn",
            "KeyState": "PendingDeletion",
            "PendingWindowInDays": 7,
            "DeletionDate": THERE,
        },
        then=Then(
            "DescribeKey", {"KeyId": "$key_id"}, {"KeyMetadata": {"KeyState": "PendingDeletion"}}
        ),
    ),
    Example(
        operation="CancelKeyDeletion",
        after=("KMS key", "to be deleted"),
        params={"KeyId": "$key_id"},
        cli="kms cancel-key-deletion --key-id $key_id",
        shows={"KeyId": "$key_arn"},
        then=Then("DescribeKey", {"KeyId": "$key_id"}, {"KeyMetadata": {"KeyState": "Disabled"}}),
    ),
    Example(
        operation="CreateAlias",
        after=("KMS key",),
        params={"AliasName": "$alias", "TargetKeyId": "$key_id"},
        cli="kms create-alias --alias-name $alias --target-key-id $key_id",
        then=Then("DescribeKey", {"KeyId": "$alias"}, {"KeyMetadata": {"KeyId": "$key_id"}}),
    ),
    Example(
        operation="UpdateAlias",
        after=("KMS key", "alias", "other KMS key"),
        params={"AliasName": "$alias", "TargetKeyId": "$other_key_id"},
        cli="kms update-alias --alias-name $alias --target-key-id $other_key_id",
        then=Then("DescribeKey", {"KeyId": "$alias"}, {"KeyMetadata": {"KeyId": "$other_key_id"}}),
    ),
    Example(
        operation="DeleteAlias",
        after=("KMS key", "alias"),
        params={"AliasName": "$alias"},
        cli="kms delete-alias --alias-name $alias",
        then=Then("DescribeKey", {"KeyId": "$alias"}, {"Error": {"Code": "NotFoundException"}}),
    ),
    Example(
        operation="ListKeys",
        after=("KMS key",),
        params={"Limit": 1},
        cli="kms list-keys --page-size 1 --max-items 1",
        shows={"Keys": [{"KeyId": THERE, "KeyArn": THERE}]},
    ),
    Example(
        operation="ListAliases",
        after=("KMS key", "alias"),
        params={"KeyId": "$key_id"},
        cli="kms list-aliases --key-id $key_id",
        shows={"Aliases": [{"AliasName": "$alias", "AliasArn": THERE, "TargetKeyId": "$key_id"}]},
    ),
)
