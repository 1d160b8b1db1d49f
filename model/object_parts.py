"""The parts of an object, as GetObjectAttributes shows them: read, written and compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.matchers import Value

PARTS = "ObjectParts"
COUNT = "PartsCount"
SIZES = "part sizes"
"""The field that holds the number and the size of each part that is shown."""
_PART, _NUMBER, _SIZE = "Part", "PartNumber", "Size"


def sizes_text(sizes: Mapping[int, int]) -> str:
    """Return the field's text for parts of these sizes."""
    return ", ".join(f"{number}: {size}" for number, size in sorted(sizes.items()))


def read_parts(root: ET.Element) -> dict[str, Value]:
    """Return what the document of an object's attributes tells of its parts.

    A size that is not told is left out of the text.
    """
    parts = root.find(PARTS)
    if parts is None:
        return {}
    told: dict[str, Value] = {COUNT: parts.findtext(COUNT)}
    shown = [f"{_text(one, _NUMBER)}: {_text(one, _SIZE)}" for one in parts.iter(_PART)]
    if shown:
        told[SIZES] = ", ".join(shown)
    return told


def _text(element: ET.Element, name: str) -> str:
    return (element.findtext(name) or "").strip()


def write_parts(fields: Mapping[str, Value]) -> ET.Element | None:
    """Return the element that shows these fields, None where they tell of no parts."""
    count, sizes = fields.get(COUNT), fields.get(SIZES)
    if not isinstance(count, str) and not isinstance(sizes, str):
        return None
    parts = ET.Element(PARTS)
    for one in sizes.split(", ") if isinstance(sizes, str) else ():
        part = ET.SubElement(parts, _PART)
        for name, text in zip((_NUMBER, _SIZE), one.split(": "), strict=True):
            ET.SubElement(part, name).text = text
    if isinstance(count, str):
        ET.SubElement(parts, COUNT).text = count
    return parts


@dataclass(frozen=True, slots=True)
class PartSizes:
    """The parts that are shown have these sizes, by their numbers.

    ``told`` says whether the reference shows them. Not all need be shown, and a size need not be.
    """

    sizes: tuple[tuple[int, int], ...]
    told: bool

    @property
    def text(self) -> str:
        """The demand as a reader says it."""
        return f"absent or {sizes_text(dict(self.sizes))}"

    def accepts(self, value: Value) -> bool:
        """Tell whether an answer's value meets the demand."""
        if not isinstance(value, str):
            return value is None
        right = {f"{number}: {size}" for number, size in self.sizes}
        right |= {f"{number}: " for number, _ in self.sizes}
        return set(value.split(", ")) <= right

    def answer(self, seed: str) -> Value:  # noqa: ARG002
        """Return a value that meets the demand."""
        return sizes_text(dict(self.sizes)) if self.told else None

    def contrary(self, seed: str) -> Value:  # noqa: ARG002
        """Return the sizes of what is stored."""
        return sizes_text({number: size + 32 for number, size in self.sizes})
