"""What the program is made of, as CycloneDX: written by ``cyclonedx-bom`` from the lock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from pipelines.oversight.release.layout import ReleaseError

SPEC = "1.6"
# The tool holds what it writes against the schema, and each of some 250 addresses against a grammar of all
# addresses, which takes four fifths of the time of a release of few documents.
TOOL = (
    "from pipelines.warehouse.imports import without_address_grammars; without_address_grammars(); "
    "import runpy; runpy.run_module('cyclonedx_py', run_name='__main__')"
)


def write_sbom(lock: Path, path: Path) -> None:
    """Write the bill of materials of ``lock`` (``requirements.lock``), without a time or a number by chance.

    Raises ``ReleaseError`` with what the tool said where it fails.
    """
    if not lock.is_file():
        raise ReleaseError(f"there is no lock at {lock}, so it cannot be said what the program is made of")
    # A date in the environment would be written into it.
    environment = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    command = [
        *(sys.executable, "-c", TOOL, "requirements", str(lock)),
        *("--output-reproducible", "--output-format", "JSON", "--spec-version", SPEC),
        *("--output-file", str(path)),
    ]
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise ReleaseError(f"the bill of materials could not be written: {finished.stderr.strip()[-500:]}")


def problem_of_sbom(path: Path) -> str:
    """What is wrong with a bill of materials; empty where it is one and names its components.

    The tool held it against the schema when it was written.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        form = (content["bomFormat"], content["specVersion"])
        named = [component["purl"] for component in content["components"] if component["version"]]
    except (OSError, ValueError, LookupError, TypeError) as error:
        return f"it cannot be read as one ({error})"
    if form != ("CycloneDX", SPEC):
        return f"it calls itself {form[0]} {form[1]}"
    return "" if named else "it lists nothing"
