"""The catalogue: what the room knows about statements, loaded from YAML and checked.

``catalogue/forms/*.yaml`` hold the statement forms, ``catalogue/lines/*.yaml`` the labelled lines
of summaries, ``header_words.yaml``, ``wording.yaml`` and ``not_statements.yaml`` the rest. The
meaning of every field is documented on the models in ``schema``. A new wording is a new entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
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
    LookAlikes,
    NotStatements,
    Wording,
)
from pipelines.statements.split_columns import split_by_economic, split_by_fund
from pipelines.statements.title_meaning import meaning_of_title
from pipelines.statements.word_meaning import Meanings, WordMeanings

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
    after: frozenset[str] = frozenset()

    def fits(self, year: int | None) -> bool:
        """Whether the spelling was the official one in a year (unknown years fit)."""
        if year is None:
            return True
        return (self.from_year or 0) <= year <= (self.to_year or 9999)


@dataclass(frozen=True)
class Pattern:
    """One header path of a form's column: its canonical words, and the column's place among all."""

    order: int
    column: Column
    words: tuple[str, ...]


@dataclass(frozen=True)
class KnownForm:
    """A form with its document kind, its lines by comparable label, its columns' paths by each word."""

    form: Form
    document_kind: DocumentKind
    basis: str
    by_label: dict[str, tuple[KnownLine, ...]]
    patterns: dict[str, tuple[Pattern, ...]] = field(default_factory=dict, compare=False, repr=False)
    own_fund: str = ""
    by_meaning: dict[str, tuple[KnownLine, ...]] = field(default_factory=dict, compare=False, repr=False)
    meanings: Meanings | None = field(default=None, compare=False, repr=False)

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

    def lines_called(self, label: str) -> tuple[KnownLine, ...]:
        """The lines that a comparable label may mean: those that have it, else those that say the same."""
        found = self.by_label.get(label)
        if found is None and self.meanings is not None:
            meaning = self.meanings.of(label)
            found = self.by_label.get(meaning) or self.by_meaning.get(meaning)
        return found or ()

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
    title_meanings: tuple[tuple[str, KnownForm], ...]
    settled_titles: tuple[tuple[str, KnownForm], ...]
    total_words: frozenset[str]
    other_year_words: frozenset[str]
    qualifying_words: frozenset[str]
    second_classifications: frozenset[str]
    fund_of_word: dict[str, str]
    neutral_words: frozenset[str]
    meanings: Meanings | None = field(default=None, compare=False, repr=False)
    known_words: frozenset[str] = frozenset()
    word_of_meaning: dict[str, str] = field(default_factory=dict, compare=False, repr=False)
    look_alikes: dict[str, str] = field(default_factory=dict)
    simplified: dict[int, str] = field(default_factory=dict)
    _levelled: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

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
        return self.canonical_word.get(word) or self._by_meaning(word)

    def is_never_amount(self, word: str) -> bool:
        """Whether numbers under a canonical header word are counts, ranks or percentages."""
        return word in self.words.never_amounts or word.endswith(self.words.never_amount_ends)

    def is_neutral(self, word: str) -> bool:
        """Whether a header word says nothing of what the figures below it are (单位, 元, 预算数, a side)."""
        return word in self.neutral_words

    def is_other_year(self, word: str) -> bool:
        """Whether a canonical header word stands over figures of another year or of the change."""
        if word in self.other_year_words or re.match(r"\d{4}年", word):
            return True
        return word.startswith("上年") and word[2:] in self.canonical_word.values()

    def _header_word(self, text: str) -> str:
        if text not in self._levelled:
            self._levelled[text] = self._level(text)
        return self._levelled[text]

    def _level(self, text: str) -> str:
        word = plain(text)
        word = re.sub(self.wording.year_pattern, "", word) or word
        word = re.sub(r"\((?:单位:)?(?:人民币)?(?:[百千万亿]?元|百万元)\)$", "", word) or word
        word = re.sub(r"\(%\)$", "%", word)
        word = re.sub(r"^(?:其中|\d{1,2}[.、]|[一二三四五六七八九十]+、)[:：]?", "", word) or word
        return self.canonical_word.get(word) or self._by_meaning(word)

    def _by_meaning(self, word: str) -> str:
        """The known header word that says what an unknown one says, or the word as it is."""
        if self.meanings is None or word in self.known_words or self.is_never_amount(word):
            return word
        if shaped := self.meanings.by_shape(word):
            return shaped
        meaning = self.meanings.of(word)
        if meaning in self.canonical_word or meaning in self.known_words:
            return self.canonical_word.get(meaning, meaning)
        return self.word_of_meaning.get(meaning, word)

    def words_in(self, text: str) -> tuple[str, ...]:
        """The two known words that one header cell holds (政府性基金预算支出合计), or none.

        The first says whose the second is, or the second only that it is a sum.
        """
        if self.meanings is None:
            return ()
        for first, second in self.meanings.halves(plain(text)):
            one, other = self.header_word(first), self.header_word(second)
            narrows = one in self.qualifying_words or (
                one in self.known_words and other in self.words.sum_words
            )
            if narrows and other in self.known_words and other not in self.role_of_word:
                return one, other
        return ()


@cache
def load_catalogue() -> Catalogue:
    """Load and check the catalogue once. Raises ``CatalogueError`` naming file and entry."""
    return read_catalogue(FOLDER)


def read_catalogue(folder: Path) -> Catalogue:
    """Read a catalogue from a folder laid out like ``catalogue/``."""
    words = _read(folder / "header_words.yaml", HeaderWords)
    wording = _read(folder / "wording.yaml", Wording)
    alike = _read(folder / "look_alikes.yaml", LookAlikes)
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
            form = split_by_economic(split_by_fund(form, words), words, wording, line_sets)
            forms.append(KnownForm(form, file.document_kind, file.basis, _index(path, form, line_sets)))
    catalogue = Catalogue(
        forms=(),
        line_sets=line_sets,
        words=words,
        wording=wording,
        not_statements=_read(folder / "not_statements.yaml", NotStatements),
        identification=_read(folder / "identification.yaml", IdentificationWording),
        canonical_word=_spellings(words),
        role_of_word={plain(word): role for role, listed in words.roles.items() for word in listed},
        titles=(),
        title_meanings=(),
        settled_titles=(),
        total_words=frozenset(plain(word) for word in wording.total_words),
        other_year_words=frozenset(plain(word) for word in words.other_year),
        qualifying_words=frozenset(plain(word) for word in words.qualifying),
        second_classifications=frozenset(plain(word) for word in words.second_classifications),
        fund_of_word={plain(word): fund for fund, word in words.funds.items()},
        neutral_words=frozenset(),
        look_alikes=alike.look_alikes,
        simplified={ord(old): new for new, forms in alike.traditional.items() for old in forms},
    )
    sides = (word for form in forms for listed in form.form.sides.values() for word in listed)
    neutral = {*words.sum_words, *words.amount_words, *words.neutral, *words.column_number_words, *sides}
    catalogue = replace(catalogue, neutral_words=frozenset(catalogue.header_word(w) for w in neutral))
    meanings = Meanings(_read(folder / "word_meanings.yaml", WordMeanings))
    forms = [
        replace(
            form,
            patterns=_patterns(form.form, catalogue),
            own_fund=catalogue.header_word(words.own_fund.get(form.form.fund, "")),
            by_meaning=_lines_by_meaning(form, meanings),
            meanings=meanings,
        )
        for form in forms
    ]
    titles = sorted(
        ((plain(title), form) for form in forms for title in form.form.titles),
        key=lambda pair: (-len(pair[0]), pair[1].id),
    )
    said = sorted(
        {(meaning_of_title(title, wording), form.id): form for title, form in titles}.items(),
        key=lambda pair: (-len(pair[0][0]), pair[0][1]),
    )
    known = {word: word for form in forms for word in form.patterns} | catalogue.canonical_word
    return replace(
        catalogue,
        forms=tuple(forms),
        titles=tuple(titles),
        title_meanings=tuple((meaning, form) for (meaning, _), form in said),
        settled_titles=tuple(
            (re.sub(wording.title_settled, "", meaning), form)
            for (meaning, _), form in said
            if form.document_kind == "final_accounts"
        ),
        meanings=meanings,
        known_words=frozenset(known) | _words_of_headers(forms, catalogue),
        word_of_meaning=meanings.unique(known),
        _levelled={},
    )


def _words_of_headers(forms: Iterable[KnownForm], catalogue: Catalogue) -> frozenset[str]:
    """All other words that the catalogue has of headers: none of them means what another one does."""
    words = catalogue.words
    listed = {*words.never_amounts, *words.column_number_words, *words.code_levels, *words.other_year}
    listed |= {word for form in forms for word in (*form.form.free_row_keys, *form.form.text_columns)}
    return frozenset(map(plain, listed)) | frozenset(catalogue.role_of_word) | catalogue.neutral_words


def _lines_by_meaning(form: KnownForm, meanings: Meanings) -> dict[str, tuple[KnownLine, ...]]:
    """The lines of a form by what their labels say; labels below a group have none but their own."""
    found: dict[str, list[KnownLine]] = {}
    for label, lines in form.by_label.items():
        if "/" not in label:
            found.setdefault(meanings.of(label), []).extend(lines)
    return {meaning: tuple(lines) for meaning, lines in found.items()}


def _patterns(form: Form, catalogue: Catalogue) -> dict[str, tuple[Pattern, ...]]:
    """The paths of a form's columns by each of their words.

    合计 and 小计 below a path that has a meaning of its own have the same: 基本支出 / 小计 is 基本支出.
    """
    sums = [word for word in catalogue.words.sum_words if word]
    no_meaning = {*sums, *(catalogue.header_word(word) for word in catalogue.words.amount_words)}
    patterns: dict[str, list[Pattern]] = {}
    for order, column in enumerate(form.columns):
        paths = [tuple(catalogue.header_word(word) for word in path.split("/")) for path in column.paths]
        paths += [(*path, word) for path in paths if path[-1] not in no_meaning for word in sums]
        for words in dict.fromkeys(paths):
            for word in dict.fromkeys(words):
                patterns.setdefault(word, []).append(Pattern(order, column, words))
    return {word: tuple(found) for word, found in patterns.items()}


# Six times as fast where libyaml is there: every build and every worker loads these files.
YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _read(path: Path, model: type[ModelT]) -> ModelT:
    try:
        content: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER)
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
                known = KnownLine(
                    line,
                    chosen.side,
                    chosen.row_kind,
                    spelling.from_year,
                    spelling.to_year,
                    frozenset(spelling.after),
                )
                index.setdefault(key, []).append(known)
    return {key: tuple(lines) for key, lines in index.items()}
