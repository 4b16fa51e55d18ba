"""Text as people search it: folded for case and accents, Chinese also by pinyin and by initials."""

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

HAN = re.compile(r"[㐀-鿿豈-﫿]")
LONGEST = 200


def fold(text: str) -> str:
    """Lower case without accents, blanks as one; at most 200 characters."""
    if text.isascii():
        folded = text.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", text)
        folded = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    return " ".join(folded.split())[:LONGEST]


@lru_cache(maxsize=65_536)
def search_forms(text: str) -> tuple[str, ...]:
    """What a search may start with to find `text`: 陈志远 → 陈志远, chenzhiyuan, czy."""
    folded = fold(text)
    if not HAN.search(folded):
        return (folded,) if folded else ()
    syllables = lazy_pinyin(folded, style=Style.NORMAL)
    initials = "".join(syllable[:1] for syllable in syllables)
    return tuple(dict.fromkeys((folded, "".join(syllables)[:LONGEST], initials)))
