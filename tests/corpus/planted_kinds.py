"""Faults of every kind planted, drawn, read and judged: what is found of them, and what is found besides.

Each fault is planted into documents of a department of its own, so that all of a seed are judged in one go,
as ``juesuan inspect`` judges: drawn as PDFs, read by the rooms, the warehouse's own models over them.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random

from pipelines.acquisition.model import FoundFile, RegisteredDocument
from pipelines.warehouse.lake import DocumentRows
from pipelines.warehouse.reading import read_and_understand
from pipelines.warehouse.rows import document_rows
from pipelines.warehouse.self_check import Finding, findings_of
from tests.corpus.consistent import printable
from tests.corpus.document import Plan, make
from tests.corpus.fault_kinds import FaultKind, NoPlaceError, Planted, filled, plant
from tests.corpus.figures import DepartmentYear, Profile, simulate
from tests.corpus.forms import load_family
from tests.corpus.panel import Department, PanelDocument, department_documents
from tests.corpus.random_documents import FIELDS, REGIONS, random_profile

#: The year of a fault's documents; others are told as offsets.
YEAR = 2023
#: Of how many departments one is taken that has a place for the fault (not all have funds, say).
TRIES = 50
OWN_LEVEL = "（本级）"
NUMERALS = str.maketrans("0123456789", "甲乙丙丁戊己庚辛壬癸")


@dataclass(frozen=True, slots=True)
class Trial:
    """A kind planted in one department's documents of a region's form."""

    kind: FaultKind
    family: str
    planted: Planted
    documents: tuple[PanelDocument, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out: the findings that tell the fault, whether one names it rightly, and all others."""

    trial: Trial
    told: tuple[Finding, ...]
    is_named: bool
    others: tuple[Finding, ...]
    """More than hints (of low severity), of any of the department's documents."""
    hints: tuple[Finding, ...]


def trials(
    kinds: Sequence[FaultKind], seed: int, families: Sequence[str] = (), first: int = 0
) -> Iterator[Trial]:
    """Every kind planted once in each of its families (of ``families``, where given).

    Departments are numbered from ``first``: of what is judged together, no two have one name.
    """
    number = first
    for kind in kinds:
        for family in kind.families:
            number += 1
            if not families or family in families:
                yield _trial(kind, family, seed, number)


def _trial(kind: FaultKind, family: str, seed: int, number: int) -> Trial:
    reason = None
    for attempt in range(TRIES):
        rng = Random(f"{seed} {kind.kind_id} {family} {attempt}")
        documents = _documents(kind, family, f"{number:03d}", rng)
        try:
            planted = plant(kind, documents[kind.changed].plan, rng)
        except NoPlaceError as error:
            reason = error
            continue
        documents[kind.changed] = replace(documents[kind.changed], plan=planted.plan)
        return Trial(kind, family, planted, tuple(documents))
    raise ValueError(f"{kind.kind_id} has no place in {TRIES} departments of {family}: {reason}")


def _documents(kind: FaultKind, family: str, number: str, rng: Random) -> list[PanelDocument]:
    region, place, _ = next(each for each in REGIONS if each[2] == family)
    field = rng.choice(sorted(FIELDS))
    # Spelt out, for a figure in a name may be taken for one; short, for a heading is one line.
    name = f"{place}样例{number.translate(NUMERALS)}局"
    profile = random_profile(rng, name, field)
    for wanted in kind.documents:
        # Without the money for which these forms have no place.
        forms = load_family(family, wanted.kind).forms
        profile = printable(profile, forms, wanted.kind, YEAR)
    department, unit = (
        Department(f"{region}-sample-{part}{number}", name + level, region, family, {}, _years(own, number))
        for part, level, own in (
            ("", "", profile),
            ("unit-", OWN_LEVEL, _of_own_level(profile, kind.unit_share)),
        )
    )
    return [
        document
        for wanted in kind.documents
        for document in department_documents(
            unit if wanted.of_unit else department, YEAR + wanted.offset, wanted.kind, with_faults=False
        )
    ]


def _years(profile: Profile, number: str) -> Mapping[int, DepartmentYear]:
    return simulate(profile, YEAR - 3, YEAR, f"{number} {profile.name}")


def _of_own_level(profile: Profile, share: Decimal) -> Profile:
    """A department's own level, with a share of all that the department has."""
    lines = tuple(
        replace(line, basic=int(line.basic * share), project=int(line.project * share))
        for line in profile.lines
    )
    return replace(profile, name=profile.name + OWN_LEVEL, lines=lines)


def outcomes(planted: Sequence[Trial]) -> list[Outcome]:
    """Draw, read and judge; one outcome for each."""
    rows: list[DocumentRows] = []
    of_trial: list[list[str]] = []
    with tempfile.TemporaryDirectory() as folder:
        for trial in planted:
            read = [_read(document, Path(folder)) for document in trial.documents]
            rows += read
            of_trial.append([each.document_id for each in read])
    found = findings_of(rows)
    return [
        _outcome(trial, ids, [each for each in found if each.document_id in ids])
        for trial, ids in zip(planted, of_trial, strict=True)
    ]


def _read(document: PanelDocument, folder: Path) -> DocumentRows:
    plan = document.plan
    pdf = make(plan).pdf
    path = folder / "document.pdf"
    path.write_bytes(pdf)
    sha256 = hashlib.sha256(pdf).hexdigest()
    registered = RegisteredDocument(
        plan.document,
        sha256,
        document.region_code,
        plan.department,
        "unit" if plan.department.endswith(OWN_LEVEL) else "department",
        plan.year,
        document.kind,
        published_name=document.published_name,
        is_synthetic=True,
    )
    file = FoundFile(plan.document, sha256[:16], sha256, len(pdf), 0, registered)
    found = read_and_understand(path, file, max_pages=200)
    return document_rows(
        file,
        found.document,
        found.understood,
        found.printed,
        extractor_version="",
        registration_version="",
        repairs=found.repairs,
    )


def _outcome(trial: Trial, ids: Sequence[str], found: Sequence[Finding]) -> Outcome:
    kind = trial.kind
    told = tuple(
        each for each in found if each.finding_kind in kind.found_as and each.document_id == ids[kind.told_in]
    )
    named = [each for each in told if _names(trial, each)]
    others = [each for each in found if each not in told]
    return Outcome(
        trial,
        told,
        bool(named),
        tuple(each for each in others if each.severity != "low"),
        tuple(each for each in others if each.severity == "low"),
    )


def _names(trial: Trial, finding: Finding) -> bool:
    """Whether the sentence quotes what is wrong."""
    sentence = _plain(finding.sentence_zh)
    quotes = [filled(each, _plan(trial)) for each in trial.kind.quotes]
    return all(_plain(quote) in sentence for quote in (*quotes, trial.planted.wrong))


def _plan(trial: Trial) -> Plan:
    return trial.planted.plan


def _plain(text: str) -> str:
    return "".join(text.split()).replace(",", "")
