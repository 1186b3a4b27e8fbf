"""What a person can do about a document that was not read, by the reason it ended with."""

from __future__ import annotations

from collections.abc import Mapping

_FETCH = "fetch it again from where it was published"
_LIMIT = "if it is a disclosure at all, raise {} and build with --retry"

REMEDIES: Mapping[str, str] = {
    "empty_file": _FETCH,
    "not_a_pdf": f"look what it is (often a web page saved under the name); {_FETCH}",
    "broken": f"{_FETCH}; if it is so there too, open it in a viewer and print it to a new PDF",
    "rebuilt": f"{_FETCH}; what was read of it was put together from its pieces",
    "encrypted": "ask the publisher for a file without password",
    "no_pages": _FETCH,
    "no_text": "look at it: probably a blank form, which can be taken out of the folder",
    "scan_without_text": "look at its pages: if there are figures on them, ask for the original file",
    "text_not_decodable": "ask for another file, or print it to pictures, which are recognised",
    "page_failed": "look at the page: are there figures on it?",
    "page_damaged": _FETCH,
    "page_too_complex": "usually nothing: a page of a thousand lines is a drawing, not a statement",
    "too_many_pages": _LIMIT.format("JUESUAN_MAX_PAGES"),
    "file_too_large": _LIMIT.format("JUESUAN_MAX_FILE_MB"),
    "time_limit": "build with --retry when the machine is less busy, or raise JUESUAN_DOCUMENT_SECONDS",
    "memory_limit": _LIMIT.format("JUESUAN_DOCUMENT_MEMORY_MB"),
    "changed_while_reading": "build again once it is no longer being written to",
    "reading_inconsistent": "report it with the file; its figures count again once the reader is mended",
    "crashed": "run juesuan inspect on it and report what it says",
    "excluded": "nothing: a reviewer decided so; take the row out of review/decisions.csv to have it back",
    "not_a_disclosure": "if it is one, enter it in register.csv; else take it out of the folder",
}
