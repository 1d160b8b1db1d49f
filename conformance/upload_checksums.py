"""The checksums that go with the parts of an upload, and with its completion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.checksums import ALGORITHMS, BY_NAME, checksum_of, elements_of
from model.completion_document import ListedPart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.chooser import Chooser
    from conformance.faults import Fields
    from model.checksums import Algorithm
    from model.stored import MultipartUpload

OTHER_DATA = b"other data"
MALFORMED = "bm90IG9mIHRoaXMgbGVuZ3Ro"
NO_CHECKSUM: Fields = {one.attribute: None for one in ALGORITHMS}
_ODD_ALGORITHMS = ("crc32", "NONSENSE", "")
_TYPES = ("COMPOSITE", "FULL_OBJECT", "NONSENSE")


def algorithm_of(upload: MultipartUpload) -> Algorithm | None:
    """Return the algorithm that an upload was begun with, None where it is none that is known."""
    return BY_NAME.get(upload.checksum_algorithm or "")


def checksum_fields(algorithm: Algorithm, data: bytes) -> Fields:
    """Return the header of a checksum of this data."""
    return {algorithm.attribute: checksum_of(data, algorithm)}


def of_an_upload(choose: Chooser) -> Fields:
    """Return the headers by which an upload is begun with checksums, seldom odd ones."""
    if choose.chance(6):
        return {"checksum_algorithm": choose.pick(_ODD_ALGORITHMS)}
    fields: Fields = {"checksum_algorithm": choose.pick(ALGORITHMS).name}
    if choose.chance(14):
        fields["checksum_type"] = choose.pick(_TYPES)
    return fields


def of_a_part(choose: Chooser, upload: MultipartUpload, body: bytes) -> Fields:
    """Return the checksum that a part of this upload needs, now and then none."""
    algorithm = algorithm_of(upload)
    if algorithm is None or choose.chance(8):
        return {}
    return checksum_fields(algorithm, body)


def spoilt(choose: Chooser, upload: MultipartUpload, body: bytes) -> Fields:
    """Return a checksum of a part: mostly that of other data, or one of another algorithm."""
    algorithm = algorithm_of(upload)
    if algorithm is None or choose.chance(15):
        return NO_CHECKSUM | checksum_fields(choose.pick(ALGORITHMS), body)
    if choose.chance(10):
        return {algorithm.attribute: MALFORMED}
    return NO_CHECKSUM | checksum_fields(algorithm, OTHER_DATA)


def listed_part(upload: MultipartUpload, number: int) -> ListedPart:
    """Return what a completion lists of a part, with the checksums that it was sent with."""
    part = upload.parts[number]
    return ListedPart(number, f'"{part.etag}"', elements_of(part.checksums))


def spoilt_list(
    choose: Chooser, upload: MultipartUpload, listed: Sequence[ListedPart]
) -> list[ListedPart]:
    """Return the list with another checksum beside one part, or with none."""
    found, place = list(listed), choose.below(len(listed))
    algorithm = algorithm_of(upload) or choose.pick(ALGORITHMS)
    body = upload.parts[found[place].number].body or b""
    data = OTHER_DATA if found[place].has_checksum else body
    value = MALFORMED if choose.chance(10) else checksum_of(data, algorithm)
    wrong = () if value is None or choose.chance(40) else ((algorithm.element, value),)
    found[place] = found[place]._replace(checksums=wrong)
    return found
