"""What two texts have in common: words, and the letters around a number."""

from __future__ import annotations

import re
from functools import lru_cache

from .grammar import LETTER, WORD

# They stand in any line, so they say nothing about which one is meant.
STOP = frozenset(
    (
        "the and for with that this from are was were have has had its into than then there their "
        "which each will would can could also been being but not out over all any more most about "
        "after before between both only per such these those they you your our one two three value "
        "values number numbers result results print printed true false none of to in on at by as "
        "it an or if is we be"
    ).split()
)
# As many letters as forms of one word have in common: grow, growth, growing.
_STEM = 4
# What programs print for words that are longer in prose.
_SHORT = {
    "maximum": "max",
    "minimum": "min",
    "average": "mean",
    "avg": "mean",
    "deviation": "std",
    "variance": "var",
}
_SHORT |= {
    name: name[:3]
    for name in (
        "january february march april june july august sept september october november december "
        "monday tuesday wednesday thursday friday saturday sunday"
    ).split()
}
_JOINTS = re.compile(r"(?<=[a-z])(?=[A-Z])|_")
_MARKUP = re.compile(r"[\s*_`$]+")
_LOCAL = re.compile(
    r"\b(?:der|die|das|und|ist|von|eine|beträgt|sind|für|dem|nach|les|des|est|une|le|du|et|dans"
    r"|los|las|una|el|del|que|fue|della|sono|il|di|che|è|gli|são|para|uma|não|foi|dos|da"
    r"|het|een|zijn|voor|dat|och|är|som|att|og|til|ikke|jest|oraz|się|dla|wynosi"
    r"|и|в|на|не|что|это|из|для|равно|составляет)\b",
    re.IGNORECASE,
)
_NAME = re.compile(rf"[\s*-]*([{LETTER}µ]{{2,}})")


@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """Return the words of a text, as they are, and cut to what their forms have in common."""
    words = [word.lower() for word in WORD.findall(_JOINTS.sub(" ", text))]
    telling = [_SHORT.get(word, word) for word in words if word not in STOP]
    whole = (f"={word}" for word in telling if len(word) > _STEM)
    return frozenset(word[:_STEM] for word in telling).union(whole)


def words_beside(before: str, after: str) -> str:
    """Return the words right beside a number: what it counts, or else those on both sides."""
    name = name_behind(after)
    if name and name.lower() not in STOP:
        return " ".join(WORD.findall(after)[:2])
    return " ".join((*WORD.findall(before)[-4:], *WORD.findall(after)[:3]))


def name_behind(after: str) -> str:
    """Return the word right behind a number, such as its unit; empty without one."""
    name = _NAME.match(after)
    return name[1] if name else ""


def alike(one: str, other: str) -> int:
    """Return how many letters and digits two texts begin with alike, markup left out."""
    same = 0
    for a, b in zip(_bare(one), _bare(other), strict=False):
        if a != b:
            break
        same += a.isalnum()
    return same


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return _MARKUP.sub("", text).lower()


def has_decimal_commas(text: str) -> bool:
    """Whether the text has words of a language that writes 1.234,5."""
    return len(_LOCAL.findall(text)) >= 2 + len(text) // 400
