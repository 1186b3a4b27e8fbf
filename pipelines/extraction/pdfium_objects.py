"""The objects of a page as pdfium has them, in drawing order, those of forms in their place.

What is asked of many objects is asked for all of them in one go: a page holds some hundred, often one
for each character.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress, repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.extraction import pdfium_calls as pdfium
from pipelines.extraction.pdfium_calls import Argument, Handle, Matrix, Numbers, Truths
from pipelines.extraction.pdfium_fonts import UnlikeReferenceError
from pipelines.extraction.rendering import DEEPEST, MOST_MARKS

TEXT, PATH, IMAGE, SHADING, FORM = 1, 2, 3, 4, 5
NO_CHANGE: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

Places = NDArray[np.int64]


class Run(NamedTuple):
    """Objects drawn one after the other within one form, or on the page itself.

    ``first`` is the place of the first of them in drawing order, ``within`` the matrix of the form.
    """

    first: int
    objects: list[Argument]
    handles: Places
    kinds: Places
    #: The rendering modes of the texts among them; -1 for what is none.
    modes: Places
    within: Matrix

    def of(self, *kinds: int) -> tuple[list[Argument], Places]:
        """The objects of some kinds, and their places in the run."""
        is_one = self.kinds == kinds[0]
        for kind in kinds[1:]:
            is_one |= self.kinds == kind
        return list(compress(self.objects, is_one.tolist())), np.flatnonzero(is_one)


@dataclass(frozen=True, slots=True)
class Texts:
    """The text objects of a page in drawing order, a row each.

    ``handles`` tell them apart, ``order`` is the place among all objects, ``run`` the place of the run
    in the page's, ``paint`` the fill (red, green, blue, alpha, 0 to 255; black where it cannot be told,
    and then not ``is_told``), ``mode`` the rendering mode.
    """

    objects: list[Argument]
    handles: Places
    order: Places
    run: Places
    paint: Numbers
    is_told: Truths
    mode: Places


def runs_of(page: Argument) -> list[Run]:
    """All objects of a page in drawing order; raises ``UnlikeReferenceError`` for far too many."""
    runs: list[Run] = []
    _walk(page, pdfium.page_count_objects, pdfium.page_object, NO_CHANGE, runs, 0)
    return runs


def _walk(
    owner: Argument,
    count: Callable[..., int],
    get: Callable[..., Handle],
    within: Matrix,
    runs: list[Run],
    depth: int,
) -> None:
    if depth > DEEPEST:
        raise UnlikeReferenceError("forms within forms without end")
    number = max(0, count(owner))
    first = runs[-1].first + len(runs[-1].objects) if runs else 0
    if first + number > MOST_MARKS:
        raise UnlikeReferenceError("too many marks")
    handles = pdfium.results(get, number, repeat(owner), range(number))
    objects = pdfium.arguments(handles.tolist())
    # Only a text has a rendering mode: the few others are asked what they are.
    modes = pdfium.results(pdfium.text_mode, number, objects)
    kinds = np.full(number, TEXT)
    others = np.flatnonzero(modes < 0)
    kinds[others] = pdfium.results(pdfium.object_type, len(others), [objects[k] for k in others.tolist()])
    begin = 0
    for at in np.flatnonzero(kinds == FORM).tolist():
        first = runs[-1].first + len(runs[-1].objects) if runs else 0
        # The form itself ends the run before it: it has a place in drawing order, and no mark.
        part = slice(begin, at + 1)
        runs.append(Run(first, objects[part], handles[part], kinds[part], modes[part], within))
        inner = pdfium.concat(matrices_of([objects[at]])[0], within)
        _walk(objects[at], pdfium.form_count_objects, pdfium.form_object, inner, runs, depth + 1)
        begin = at + 1
    if begin < number:
        first = runs[-1].first + len(runs[-1].objects) if runs else 0
        runs.append(Run(first, objects[begin:], handles[begin:], kinds[begin:], modes[begin:], within))


def matrices_of(objects: Sequence[Argument]) -> list[Matrix]:
    """The matrix of each object."""
    return list(map(tuple, pdfium.object_matrix(objects).tolist()))


def texts_of(runs: Sequence[Run]) -> Texts:
    """The text objects among all objects of a page."""
    found = [run.of(TEXT) for run in runs]
    objects = [each for some, _ in found for each in some] if len(found) != 1 else found[0][0]
    paint, is_told = pdfium.object_fill.told(objects)
    none = [np.zeros(0, np.int64)]
    return Texts(
        objects=objects,
        handles=np.concatenate(
            none + [run.handles[places] for run, (_, places) in zip(runs, found, strict=True)]
        ),
        order=np.concatenate(
            none + [run.first + places for run, (_, places) in zip(runs, found, strict=True)]
        ),
        run=np.repeat(np.arange(len(found)), [len(some) for some, _ in found]),
        paint=paint,
        is_told=is_told,
        mode=np.concatenate(none + [run.modes[places] for run, (_, places) in zip(runs, found, strict=True)]),
    )
