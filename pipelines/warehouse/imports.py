"""What libraries import in vain, left out: seconds of each process that starts dbt or Great Expectations."""

from __future__ import annotations

import sys


def without_address_grammars() -> None:
    """Keep ``jsonschema`` from building grammars of international addresses (two seconds of a processor).

    Both dbt and Great Expectations import it to check their own settings, and none of these has such an
    address; ``jsonschema`` knows that the package may be missing. To be called before they are imported.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
