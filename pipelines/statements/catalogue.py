"""The catalogue: what the room knows about statements, loaded from YAML and checked.

``catalogue/forms/*.yaml`` hold the statement forms, ``catalogue/lines/*.yaml`` the labelled lines
of summaries, ``header_words.yaml``, ``wording.yaml`` and ``not_statements.yaml`` the rest. The
meaning of every field is documented on the models in ``schema``. A new wording is a new entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pipelines.statements.model import DocumentKind, RowKind
from pipelines.statements.printed_text import label_of, plain
from pipelines.statements.schema import (
    Column,
    FactTable,
    Form,
    FormsFile,
    HeaderWords,
    IdentificationWording,
    Line,
    LineSet,
    NotStatements,
    Wording,
)

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
FOLDER = Path(__file__).parent / "catalogue"
ModelT = TypeVar("ModelT", bound=BaseModel)


class CatalogueError(ValueError):
    """An entry of the catalogue is wrong; the message names the file and the entry."""


@dataclass(frozen=True)
class KnownLine:
    """A catalogue line with the set it belongs to and the years of the spelling looked up."""

    line: Line
    side: str
    row_kind: RowKind
    from_year: int | None
    to_year: int | None

    def fits(self, year: int | None) -> bool:
        """Whether the spelling was the official one in a year (unknown years fit)."""
        if year is None:
            return True
        return (self.from_year or 0) <= year <= (self.to_year or 9999)


@dataclass(frozen=True)
class KnownForm:
    """A form with its document kind and its lines indexed by comparable label."""

    form: Form
    document_kind: DocumentKind
    basis: str
    by_label: dict[str, tuple[KnownLine, ...]]

    @property
    def id(self) -> str:
        """The statement id."""
        return self.form.id

    def column(self, column_id: str) -> Column:
        """The column of that id (KeyError if the form has none)."""
        for column in self.form.columns:
            if column.id == column_id:
                return column
        raise KeyError(f"{self.form.id} has no column {column_id}")

    def fact_table(self, column_id: str, row_key: str) -> FactTable:
        """The fact table an amount belongs to: its line's, else its column's, else the form's."""
        for known in self.by_label.values():
            for line in known:
                if line.line.key == row_key and line.line.fact_table is not None:
                    return line.line.fact_table
        return self.column(column_id).fact_table or self.form.fact_table


@dataclass(frozen=True)
class Catalogue:
    """Everything the room knows about statements."""

    forms: tuple[KnownForm, ...]
    line_sets: dict[str, LineSet]
    words: HeaderWords
    wording: Wording
    not_statements: NotStatements
    identification: IdentificationWording
    canonical_word: dict[str, str]
    role_of_word: dict[str, str]
    titles: tuple[tuple[str, KnownForm], ...]
    total_words: frozenset[str]
    other_year_words: frozenset[str]
    qualifying_words: frozenset[str]
    second_classifications: frozenset[str]
    fund_of_word: dict[str, str]

    def form(self, statement_id: str) -> KnownForm:
        """The form of that id (KeyError if there is none)."""
        for form in self.forms:
            if form.id == statement_id:
                return form
        raise KeyError(f"no statement form {statement_id!r} in the catalogue")

    def header_word(self, text: str, latest_year: int | None = None) -> str:
        """The canonical form of a header cell's text: year and unit taken away, spelling levelled.

        A word that names one year before ``latest_year`` (the latest that the header names) keeps
        it: 2022年预算数 beside 2023年预算数 is 上年预算数, and that is no 预算数.
        """
        named = {int(year) for year in _YEAR.findall(plain(text))}
        word = self._header_word(text)
        if latest_year is None or len(named) != 1 or (year := named.pop()) >= latest_year:
            return word
        word = f"上年{word}" if year == latest_year - 1 else f"{year}年{word}"
        return self.canonical_word.get(word, word)

    def is_other_year(self, word: str) -> bool:
        """Whether a canonical header word stands over figures of another year or of the change."""
        if word in self.other_year_words or re.match(r"\d{4}年", word):
            return True
        return word.startswith("上年") and word[2:] in self.canonical_word.values()

    def _header_word(self, text: str) -> str:
        word = plain(text)
        word = re.sub(self.wording.year_pattern, "", word) or word
        word = re.sub(r"\((?:单位:)?(?:万元|元|%)\)$", "", word) or word
        word = re.sub(r"^(?:其中|\d{1,2}[.、]|[一二三四五六七八九十]+、)[:：]?", "", word) or word
        return self.canonical_word.get(word, word)


@cache
def load_catalogue() -> Catalogue:
    """Load and check the catalogue once. Raises ``CatalogueError`` naming file and entry."""
    return read_catalogue(FOLDER)


def read_catalogue(folder: Path) -> Catalogue:
    """Read a catalogue from a folder laid out like ``catalogue/``."""
    words = _read(folder / "header_words.yaml", HeaderWords)
    wording = _read(folder / "wording.yaml", Wording)
    line_sets: dict[str, LineSet] = {}
    for path in sorted((folder / "lines").glob("*.yaml")):
        line_set = _read(path, LineSet)
        if line_set.set in line_sets:
            raise CatalogueError(f"{path.name}: line set {line_set.set} is there twice")
        line_sets[line_set.set] = line_set
    forms: list[KnownForm] = []
    for path in sorted((folder / "forms").glob("*.yaml")):
        file = _read(path, FormsFile)
        for form in file.forms:
            if any(known.id == form.id for known in forms):
                raise CatalogueError(f"{path.name}: form {form.id} is there twice")
            form = _split_by_fund(form, words)
            forms.append(KnownForm(form, file.document_kind, file.basis, _index(path, form, line_sets)))
    titles = sorted(
        ((plain(title), form) for form in forms for title in form.form.titles),
        key=lambda pair: (-len(pair[0]), pair[1].id),
    )
    return Catalogue(
        forms=tuple(forms),
        line_sets=line_sets,
        words=words,
        wording=wording,
        not_statements=_read(folder / "not_statements.yaml", NotStatements),
        identification=_read(folder / "identification.yaml", IdentificationWording),
        canonical_word=_spellings(words),
        role_of_word={plain(word): role for role, listed in words.roles.items() for word in listed},
        titles=tuple(titles),
        total_words=frozenset(plain(word) for word in wording.total_words),
        other_year_words=frozenset(plain(word) for word in words.other_year),
        qualifying_words=frozenset(plain(word) for word in words.qualifying),
        second_classifications=frozenset(plain(word) for word in words.second_classifications),
        fund_of_word={plain(word): fund for fund, word in words.funds.items()},
    )


def _split_by_fund(form: Form, words: HeaderWords) -> Form:
    """A form with the columns of its ``by_fund`` once more for each fund."""
    split = [
        column.model_copy(
            update={
                "id": f"{column.id}_{fund}",
                "name_zh": f"{column.name_zh}（{word}）",
                "name_en": f"{column.name_en} ({fund.replace('_', ' ')})",
                "paths": tuple(
                    "/".join(part for part in (path, word, above) if part)
                    for path in (*column.paths, *([""] if column.expenditure_kind == "total" else []))
                    for above in ("", *words.funds_under)
                ),
                "fund": fund,
                "of_fund": plain(word),
            }
        )
        for column in form.columns
        if column.id in form.by_fund
        for fund, word in words.funds.items()
    ]
    return form.model_copy(update={"columns": (*form.columns, *split)})


def _read(path: Path, model: type[ModelT]) -> ModelT:
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return model.model_validate(content)
    except (OSError, yaml.YAMLError) as error:
        raise CatalogueError(f"{path.name}: {error}") from error
    except ValidationError as error:
        lines = [f"{path.name}:"]
        for problem in error.errors():
            place = _name_place(content, problem["loc"])
            lines.append(f"  {place}: {problem['msg']}")
        raise CatalogueError("\n".join(lines)) from error


def _name_place(content: Any, location: Iterable[int | str]) -> str:
    """A place in a file for people: entries of lists by their id, key or name."""
    names: list[str] = []
    at = content
    for step in location:
        try:
            at = at[step]
        except (KeyError, IndexError, TypeError):
            at = None
        name = str(step)
        if isinstance(step, int) and isinstance(at, dict):
            name = str(at.get("id") or at.get("key") or at.get("set") or step)
        names.append(name)
    return " > ".join(names) or "file"


def _spellings(words: HeaderWords) -> dict[str, str]:
    spellings: dict[str, str] = {}
    for canonical, others in words.words.items():
        for text in (canonical, *others):
            key = plain(text)
            if spellings.setdefault(key, plain(canonical)) != plain(canonical):
                raise CatalogueError(
                    f"header_words.yaml: {text!r} is a spelling of both {spellings[key]} and {canonical}"
                )
    return spellings


def _index(path: Path, form: Form, line_sets: dict[str, LineSet]) -> dict[str, tuple[KnownLine, ...]]:
    index: dict[str, list[KnownLine]] = {}
    for name in form.lines:
        if name not in line_sets:
            raise CatalogueError(f"{path.name}: form {form.id} asks for unknown line set {name!r}")
        chosen = line_sets[name]
        for line in chosen.lines:
            for spelling in line.spellings():
                key = "/".join(label_of(part) for part in spelling.text.split("/"))
                known = KnownLine(line, chosen.side, chosen.row_kind, spelling.from_year, spelling.to_year)
                index.setdefault(key, []).append(known)
    return {key: tuple(lines) for key, lines in index.items()}
