"""Text as people mean it, from text as it is printed.

Cells keep what is printed; whoever compares or parses text asks here. Sources: Unicode Standard
Annex 15 (NFKC) and ``EquivalentUnifiedIdeograph.txt`` of the Unicode Character Database for the
radicals that fonts without a proper mapping put in the place of ideographs (⻔ for 门, ⻋ for 车).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path

_RADICALS = Path(__file__).with_name("cjk_radicals.csv")
_CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f\u3007"
_CJK_MARK = _CJK + r"\u3000-\u303f“”‘’「」《》【】〔〕〈〉、。，；：（）"
_SIGN = r"!(),.:;?\[\]{}~"
_GAP = re.compile(rf"(?<=[{_CJK_MARK}])\s+(?=[{_CJK_MARK}{_SIGN}])|(?<=[{_SIGN}])\s+(?=[{_CJK_MARK}])")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b-\x1f\x7f]")


@cache
def radical_table() -> dict[int, str]:
    """Code point of a CJK radical -> the ideograph it stands for (``cjk_radicals.csv``)."""
    with _RADICALS.open(encoding="utf-8", newline="") as file:
        return {int(row["radical"], 16): chr(int(row["ideograph"], 16)) for row in csv.DictReader(file)}


def normalise_text(text: str) -> str:
    """``text`` with compatibility forms folded, radicals as ideographs, CJK spacing taken out.

    Full-width digits, letters and punctuation become ASCII (so ``（`` becomes ``(``), invisible
    characters go, white space (line ends too) becomes one space or, between CJK characters and
    between those and punctuation marks, nothing. Spaces inside numbers stay: whether ``3, 295. 68``
    is one number is for whoever parses it to say. The function is idempotent.
    """
    folded = unicodedata.normalize("NFKC", text.translate(radical_table()))
    folded = _INVISIBLE.sub("", folded.replace("\n", " ").replace("\r", " ").replace("\t", " "))
    # NFKC may bring out radicals' own ideographs only after folding; the table is applied once more.
    folded = unicodedata.normalize("NFKC", folded.translate(radical_table()))
    folded = re.sub(r"\s+", " ", folded).strip()
    return _GAP.sub("", folded)
