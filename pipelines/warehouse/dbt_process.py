"""dbt as it is started by a build or by Dagster: the process ends with the one that started it.

``juesuan-dbt`` is dbt with its own arguments. Whoever starts it says in ``$JUESUAN_DBT_PARENT`` which process
that is: by the time this one asks, its parent may have ended and be another.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pipelines.warehouse.orphans import end_with_parent

#: The environment variable that names the process that waits for dbt.
PARENT = "JUESUAN_DBT_PARENT"
#: The command, as the project's installation makes it beside Python.
COMMAND = "juesuan-dbt"


def command() -> str:
    """Where the command lies: beside this Python, so that the environment need not be activated."""
    return str(Path(sys.executable).with_name(COMMAND))


def main() -> None:
    """Run dbt with the arguments of this process; ends as dbt does."""
    end_with_parent(int(os.environ.get(PARENT) or os.getppid()))
    # Not before: importing dbt takes seconds, in which the parent may end.
    from dbt.cli.main import cli

    cli()


if __name__ == "__main__":
    main()
