"""The suites of expectations as data: what is asked of a built warehouse, in words and in SQL.

``expectations/suites/*.yaml`` name the suites. One that lists ``families`` holds one rule per
accounting identity of those families, made from the identity's own data; one that lists ``rules``
holds those. Nothing here imports Great Expectations.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from pipelines.settings import PROJECT_ROOT
from pipelines.warehouse.identity_schema import (
    Family,
    Identity,
    IdentityError,
    Name,
    Severity,
    Wording,
    load_identities,
)

EXPECTATIONS_FOLDER = PROJECT_ROOT / "expectations"
RESULTS_TABLE = "fct_identity_results"
#: The order in which a person reads them.
SUITE_ORDER = (
    "structure",
    "within_statement",
    "across_statements",
    "across_years",
    "keys_and_completeness",
)
#: What stands for a reported amount that is not printed.
BLANK = "空白 blank"
#: Money as text: what Great Expectations stores must not pass through floats. A reported amount that is
#: blank on the page counts as nothing and has no cell; it must not be shown as a printed 0.00.
_VIOLATIONS = (
    "select r.document_id, d.document_name || ' ' || d.fiscal_year || ' ' || d.document_kind as document, "
    "r.page, r.cell_id, coalesce(s.subject_zh, r.identity_key) as what, "
    "case when r.cell_id is not null then cast(r.reported_yuan as varchar) end as reported_yuan, "
    "cast(r.expected_yuan as varchar) as expected_yuan, "
    "cast(r.difference_yuan as varchar) as difference_yuan "
    "from {{batch}} as r left join main.dim_document as d on r.document_id = d.document_id "
    "left join intermediate.int_identity_subjects as s on r.disclosure_id = s.disclosure_id "
    "and r.identity_id = s.identity_id and r.identity_key = s.identity_key "
    "where r.identity_id = '{id}' and r.verdict = 'violated' "
    "order by r.document_id, r.page, r.cell_id, r.identity_key"
)


class Rule(BaseModel):
    """One thing asked of the warehouse: ``query`` returns the rows of ``{batch}`` (``table``) that break it.

    The rows may have the columns ``document_id``, ``page``, ``cell_id``, ``what``, ``detail`` and,
    for identities, ``document``, ``reported_yuan``, ``expected_yuan``, ``difference_yuan``. A broken rule of
    severity ``stop`` keeps the build from being published.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Name
    title: Wording
    severity: Severity
    table: Name
    query: str
    source: str
    is_identity: bool = False

    @model_validator(mode="after")
    def _queries_its_table(self) -> Self:
        if "{batch}" not in self.query:
            raise ValueError("the query does not read {batch}")
        return self


class Suite(BaseModel):
    """A suite: the rules asked together, with its name in both languages.

    ``table`` is the one that Great Expectations takes for the batch; rules may read others.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Name
    title: Wording
    table: Name = RESULTS_TABLE
    families: tuple[Family, ...] = ()
    rules: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.families) == bool(self.rules):
            raise ValueError("a suite lists either families of identities or rules")
        if len({rule.id for rule in self.rules}) != len(self.rules):
            raise ValueError("a rule's id stands twice")
        return self


def load_suites(
    folder: Path = EXPECTATIONS_FOLDER, identities: Sequence[Identity] | None = None
) -> tuple[Suite, ...]:
    """All suites with their rules, identities included, in the order of ``SUITE_ORDER``.

    ``identities`` are those of the folder, where the caller has read them already.

    Raises:
        IdentityError: for a file that breaks the schema, naming it; or a family in no suite.

    """
    identities = load_identities(folder / "identities") if identities is None else identities
    suites = [_read(path) for path in sorted((folder / "suites").glob("*.yaml"))]
    asked = {family for suite in suites for family in suite.families}
    forgotten = {identity.family for identity in identities} - asked
    if forgotten:
        raise IdentityError(f"no suite asks the families {sorted(forgotten)}")
    filled = {suite.id: _with_identities(suite, identities) for suite in suites}
    order = {name: position for position, name in enumerate(SUITE_ORDER)}
    return tuple(sorted(filled.values(), key=lambda suite: (order.get(suite.id, len(order)), suite.id)))


def _read(path: Path) -> Suite:
    try:
        return Suite.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise IdentityError(f"{path.name}: {where or 'suite'}: {first['msg']}") from error


def _with_identities(suite: Suite, identities: Sequence[Identity]) -> Suite:
    rules = tuple(_rule(identity) for identity in identities if identity.family in suite.families)
    return suite.model_copy(update={"rules": suite.rules + rules})


def _rule(identity: Identity) -> Rule:
    return Rule(
        id=identity.id,
        title=identity.title,
        severity=identity.severity,
        table=RESULTS_TABLE,
        query=_VIOLATIONS.format(id=identity.id),
        source=identity.source,
        is_identity=True,
    )
