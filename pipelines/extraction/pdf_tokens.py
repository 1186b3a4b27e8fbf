"""The tokens of a PDF's objects, most of them found in one go.

pdfminer goes through each token in several steps with a method each, so that tokens may lie across two pieces
of a file; that takes longer than all else it does for a page. Names, whole numbers, keywords, brackets and
plain decimals that end within the piece at hand are told here by one pattern, everything else by pdfminer.
"""

from __future__ import annotations

import re

from pdfminer.pdfparser import PDFParser
from pdfminer.psparser import KWD, LIT, PSBaseParser, PSBaseParserToken

_ENDS = rb"(?=[/%\[\]()<>{}\s])"
#: A whole number, a name, a bracket, a keyword, a decimal. What follows it must be at hand: it may go on in
#: the next piece. Not with ``#`` (a letter written as its number), nor with more digits than ``int`` takes.
_TOKEN = re.compile(
    rb"\s*(?:([-+]?[0-9]{1,18})(?=[^0-9.])|(/[^#/%\[\]()<>{}\s]*)"
    + _ENDS
    + rb"|(<<|>>|[\[\]])|([A-Za-z][^#/%\[\]()<>{}\s]*)"
    + _ENDS
    + rb"|([-+]?[0-9]{1,18}\.[0-9]{0,18})(?=[^0-9]))"
)
_WHOLE, _NAME, _BRACKET, _KEYWORD = 1, 2, 3, 4
_TRUTHS = {b"true": True, b"false": False}

_in_steps = PSBaseParser.nexttoken


def find_tokens_at_once() -> None:
    """Make pdfminer find the tokens of a file's objects (not those of contents) with ``_next_token``."""
    PDFParser.nexttoken = _next_token  # type: ignore[method-assign,assignment]


def _next_token(self: PDFParser) -> tuple[int, PSBaseParserToken]:
    """The next token with its place in the file: what ``PSBaseParser.nexttoken`` gives."""
    if self.eof or self._tokens:
        return _in_steps(self)
    found = _TOKEN.match(self.buf, self.charpos)
    if found is None or self._parse1 != self._parse_main:
        return _in_steps(self)
    kind = found.lastindex or 0
    text = found[kind]
    token: PSBaseParserToken
    if kind == _WHOLE:
        token = int(text)
    elif kind == _NAME:
        try:
            token = LIT(str(text[1:], "utf-8"))
        except UnicodeDecodeError:
            token = LIT(text[1:])
    elif kind == _BRACKET:
        token = KWD(text)
    elif kind == _KEYWORD:
        token = _TRUTHS[text] if text in _TRUTHS else KWD(text)
    else:
        token = float(text)
    self.charpos = found.end()
    return self.bufpos + found.start(kind), token
