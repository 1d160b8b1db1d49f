"""What is foreseen before an answer comes is what it is then held against."""

from __future__ import annotations

from model.answer import Answer
from model.judge import Belief, foresee, judge
from model.kms import OtherKey, look_up_key
from model.operations.create_bucket import CreateBucket
from model.world import Context, KmsKey, World

BELIEF = Belief((World(context=Context(bucket_prefix="b")),))
REQUEST = CreateBucket(bucket="b")
ANSWER = Answer(status=200, succeeded=True, error_code=None, fields={})
ARN = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def test_an_answer_is_judged_the_same_with_foresight() -> None:
    foreseen = foresee(BELIEF, REQUEST)
    assert len(foreseen) == 1
    assert judge(BELIEF, REQUEST, ANSWER, foreseen) == judge(BELIEF, REQUEST, ANSWER)


def test_nothing_is_foreseen_where_the_state_is_lost() -> None:
    assert foresee(Belief(BELIEF.worlds, lost=True), REQUEST) == ()


def test_a_partition_is_told_by_the_keys_that_have_an_arn() -> None:
    keys = {one.key_id: one for one in (KmsKey(key_id="a"), KmsKey(key_id="b", arn=ARN))}
    world = World(keys=keys)
    other = ARN.replace("arn:aws:", "arn:aws-cn:")
    assert look_up_key(world, "", other) is OtherKey.OTHER_PARTITION
    assert look_up_key(world, "", ARN) is not OtherKey.OTHER_PARTITION
    assert look_up_key(World(), "", other) is not OtherKey.OTHER_PARTITION
