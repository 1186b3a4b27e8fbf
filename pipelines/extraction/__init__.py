"""Room ``extraction``: a PDF becomes pages of tables of cells with their place on the page.

Knows no finance: whether a cell holds an amount or a name is for ``statements`` to say.
"""

from pipelines.extraction.normalise import normalise_text
from pipelines.extraction.read import read_document

__all__ = ["normalise_text", "read_document"]
