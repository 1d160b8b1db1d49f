"""What each stage of the phase ``paths`` plays."""

from __future__ import annotations

from itertools import permutations, product, starmap
from typing import TYPE_CHECKING

from conformance.paths.beside import two_buckets
from conformance.paths.changing import alias_moved, read_again, replaced_parts
from conformance.paths.intents import (
    AES,
    DSSE,
    KMS,
    PLAIN,
    Wish,
    is_usable,
    usable_defaults,
    usable_wishes,
)
from conformance.paths.misnaming import misnamed_uploads
from conformance.paths.other_refusals import OtherRefusals
from conformance.paths.reading import read_through_all, two_parts
from conformance.paths.refusals import bad_headers, bad_parts, blocked, disabled, refused
from conformance.paths.standing import standings
from conformance.paths.together import two_uploads
from conformance.paths.writing import BODY, Writing, changed_between
from model.clause import Capability

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from conformance.paths.intents import Default
    from conformance.phase import Script, Setting

BLOCK = 64 * 1024
"""Servers often encrypt in blocks of that size."""
SIZES = (0, 1, BLOCK - 1, BLOCK, BLOCK + 1)
LARGE_WISHES = (PLAIN, Wish(customer_key=0), Wish(algorithm=DSSE))
STEMS = (
    "with space/",
    "plus+sign ",
    "percent%2Bsign",
    "\u00fcml\u00e4ut/\u65e5\u672c/",
    "a//b/",
    "query?x=1&y=2#",
    "quote'\"(!*)~",
    "a" * 200 + "/",
)
"""Beginnings of object keys that need escaping, in the path or in headers."""
PARTS_A_SCRIPT = 10


def intents(setting: Setting) -> Iterator[Script]:
    """Yield each wish with one of the defaults."""
    return _intents(setting, range(1))


def more_intents(setting: Setting) -> Iterator[Script]:
    """Yield each wish with all the other defaults."""
    return _intents(setting, range(1, len(usable_defaults(setting))))


def _intents(setting: Setting, shifts: Iterable[int]) -> Iterator[Script]:
    """Yield wishes with defaults: by each shift, every wish comes with another one."""
    defaults, wishes = usable_defaults(setting), usable_wishes(setting)
    for shift in shifts:
        for number, wish in enumerate(wishes):
            default = defaults[(number + shift) % len(defaults)]
            source = wishes[(number + 3 * shift + 1) % len(wishes)]
            if source.uses_alias:
                source = PLAIN
            yield Writing(
                default=default,
                wish=wish,
                source=source,
                elsewhere=(number + shift) % 2 == 1,
                versioned=shift % 3 == 2,  # noqa: PLR2004 - every third round
            ).script()


def between(setting: Setting) -> Iterator[Script]:
    """Yield each change from one default to another."""
    changes = permutations(usable_defaults(setting), 2)
    for number, (before, after) in enumerate(changes):
        if after.algorithm is not None:
            yield changed_between(before, after, over=number % 2 == 0)


def refusals(setting: Setting) -> Iterator[Script]:
    """Yield each refusal, over what is there and where nothing is."""
    if setting.has(Capability.BLOCKED_TYPES) and setting.has(Capability.SSE_C):
        yield from (blocked(later=later) for later in (False, True))
    if setting.has(Capability.KMS_API) and setting.has(Capability.SSE_KMS):
        algorithms = [KMS] + [DSSE] * setting.has(Capability.DSSE_KMS)
        for algorithm, by_default in product(algorithms, (False, True)):
            if not by_default or setting.has(Capability.BUCKET_ENCRYPTION):
                enabled = by_default == (algorithm == DSSE)
                yield disabled(algorithm, by_default=by_default, enabled=enabled)
    wishes = [one for one in usable_wishes(setting) if not one.uses_alias]
    found, there_before = bad_headers(setting), standings(setting)
    for number, headers in enumerate(found):
        there = wishes[number % len(wishes)]
        yield refused(headers, there=there, standing=there_before[number % len(there_before)])
    if setting.has(Capability.MULTIPART):
        own = [{"sse": AES}, *({"sse": KMS} for _ in "." * setting.has(Capability.SSE_KMS))]
        for first in range(0, len(found), PARTS_A_SCRIPT):
            some = own + found[first : first + PARTS_A_SCRIPT]
            for creation in (PLAIN, Wish(algorithm=KMS), Wish(customer_key=1)):
                if creation.needs <= setting.capabilities:
                    yield bad_parts(creation, some)


def other_refusals(setting: Setting) -> Iterator[Script]:
    """Yield what is refused on each path for reasons of its own, under several defaults."""
    defaults = usable_defaults(setting)
    wishes = [one for one in usable_wishes(setting) if not one.uses_alias]
    for number, standing in enumerate(standings(setting)):
        others = OtherRefusals(
            default=defaults[number % len(defaults)],
            there=wishes[number % len(wishes)],
            standing=standing,
        )
        yield others.puts
        yield others.configurations
        if setting.has(Capability.COPY):
            yield others.copies
        if setting.has(Capability.MULTIPART):
            yield others.completions


def reading(setting: Setting) -> Iterator[Script]:
    """Yield each wish, written by some ways and read by all."""
    defaults = usable_defaults(setting)
    wishes = usable_wishes(setting)
    for number, wish in enumerate(wishes * 2):
        default = defaults[(number * 2) % len(defaults)]
        older = number >= len(wishes) and setting.has(Capability.VERSIONING)
        yield read_through_all(wish, default, number, older=older)


def aliases(setting: Setting) -> Iterator[Script]:
    """Yield writes by an alias that comes to name another key, or by a default that has one."""
    wished = (Wish(algorithm=one, key=1, key_form="alias") for one in (KMS, DSSE))
    usable = [one for one in wished if is_usable(one, setting)]
    for wish, by_default, over in product(usable, (True, False), (True, False)):
        if not by_default or setting.has(Capability.BUCKET_ENCRYPTION):
            yield alias_moved(str(wish.algorithm), by_default=by_default, over=over)


def again(setting: Setting) -> Iterator[Script]:
    """Yield what is read again by the same paths after it changed, one wish with each two ways."""
    defaults, wishes = usable_defaults(setting), usable_wishes(setting)
    wishes = [one for one in wishes if not one.uses_alias]
    for number in range(5):
        default = defaults[number % len(defaults)]
        yield read_again(number, wishes[(number * 3) % len(wishes)], default)


def parts(setting: Setting) -> Iterator[Script]:
    """Return parts that replace others, under a few encryptions."""
    return starmap(replaced_parts, _uploads(setting))


def misnamed(setting: Setting) -> Iterator[Script]:
    """Return uploads that are asked for under other names, under a few encryptions."""
    return starmap(misnamed_uploads, _uploads(setting))


def together(setting: Setting) -> Iterator[Script]:
    """Yield two uploads of one object at once, with each pair of a few encryptions."""
    if not setting.has(Capability.MULTIPART):
        return
    defaults = usable_defaults(setting)
    wished = (*LARGE_WISHES, Wish(algorithm=KMS, key=1))
    usable = [one for one in wished if one.needs <= setting.capabilities]
    for number, (first, second) in enumerate(permutations(usable, 2)):
        yield two_uploads(first, second, defaults[number % len(defaults)], number)


def buckets(_: Setting) -> Iterator[Script]:
    """Yield two buckets, either of which is changed."""
    for first, versioned in product((True, False), repeat=2):
        yield two_buckets(first=first, versioned=versioned)


def names(setting: Setting) -> Iterator[Script]:
    """Yield object keys that need escaping."""
    defaults, wishes = usable_defaults(setting), usable_wishes(setting)
    for number, stem in enumerate(STEMS):
        wish = wishes[(number // 2 * 3) % len(wishes)] if number % 2 else PLAIN
        source = Wish(customer_key=1) if number % 2 == 0 else PLAIN
        if not source.needs <= setting.capabilities:
            source = PLAIN
        default = defaults[number % len(defaults)]
        yield Writing(default=default, wish=wish, source=source, stem=stem).script()
    for body in (b"", BODY):
        yield Writing(default=defaults[0], body=body, ending="/").script()


def sizes(setting: Setting) -> Iterator[Script]:
    """Yield data of sizes at which a server may change its ways."""
    wished = (PLAIN, Wish(customer_key=0), Wish(algorithm=AES), Wish(algorithm=DSSE))
    wishes = [one for one in wished if one.needs <= setting.capabilities]
    defaults = usable_defaults(setting)
    for number, (wish, size) in enumerate(product(wishes, SIZES)):
        body = (b"%08d" % number) * (size // 8 + 1)
        default = defaults[number % len(defaults)]
        yield Writing(default=default, wish=wish, body=body[:size]).script()


def large_parts(setting: Setting) -> Iterator[Script]:
    """Return uploads of more than one part, under a few encryptions."""
    return starmap(two_parts, _uploads(setting))


def _uploads(setting: Setting) -> Iterator[tuple[Wish, Default]]:
    """Yield a few encryptions of uploads, each with a default."""
    if not setting.has(Capability.MULTIPART):
        return
    defaults = usable_defaults(setting)
    for number, wish in enumerate(LARGE_WISHES):
        if wish.needs <= setting.capabilities:
            yield wish, defaults[number % len(defaults)]
