"""``make bench``: how fast it is, one measurement after another, as Markdown.

What is read right (``scans``, ``hostile_files``, ``layout_space``) is measured one by one: README.md.
Published documents are used where ``JUESUAN_CORPUS`` names a folder of them; else the specimens of raw/.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run each benchmark in a process of its own; returns the worst exit status."""
    folder = os.environ.get("JUESUAN_CORPUS") or str(ROOT / "raw")
    worst = 0
    for title, arguments in (
        ("Reading beside pdfplumber's bare extract_tables", ["benchmarks.read_documents", folder]),
        ("Two workers beside one, and the memory of one", ["benchmarks.reading_workers", folder]),
        ("Build time by number of documents", ["benchmarks.build_times"]),
        (
            "Ten readers while three builds run and one is killed",
            ["benchmarks.readers_during_builds", folder],
        ),
    ):
        print(f"\n## {title}\n", flush=True)
        worst = max(
            worst, subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, check=False).returncode
        )
    return worst


if __name__ == "__main__":
    sys.exit(main())
