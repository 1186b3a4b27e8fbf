"""Where a finding stands (疑点状态): new or there before, and whether a person looked at its figures."""

from __future__ import annotations

from pipelines.oversight.views import Row

#: The states in the order they are shown; a finding has one of the first three and at most one of the others.
STATES = ("new", "standing", "undated", "waits", "decided")


def states_of(finding: Row) -> tuple[str, ...]:
    """The states of a finding (``mart_finding_states``)."""
    since = "undated" if finding["is_new"] is None else "new" if finding["is_new"] else "standing"
    asked = finding["review_state"]
    return (since,) if asked == "not_asked" else (since, asked)
