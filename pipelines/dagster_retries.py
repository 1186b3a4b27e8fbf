"""Steps tell failures that pass from those that do not: the first are tried again, the others never.

What passes is data (``failures.yaml``). A step that failed for good leaves a tag on its run, by which the
sensor of the raw folder knows that asking again would only cost the same again.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any, ParamSpec, TypeVar, cast

from dagster import Failure, RetryRequested

from pipelines.failures import FailureKind, kind_of, words_of

# How often a step is tried again, and how long it waits: each time twice as long as before.
AGAIN = 2
WAIT_SECONDS = 120
# On a run that failed for good: the kind of its failure.
PERMANENT_TAG = "juesuan/failed_for_good"
# On a job: a run whose process was lost is done again from its beginning. What it built lies in a folder of
# its own, so a run that went on from the step that was lost would not find it; what was read stays read.
FROM_THE_BEGINNING = {"dagster/retry_strategy": "ALL_STEPS"}

P = ParamSpec("P")
R = TypeVar("R")


def retries_what_passes(step: Callable[P, R]) -> Callable[P, R]:
    """Make a step's function (its first argument is Dagster's context) tell its failures apart."""
    if inspect.isgeneratorfunction(step):

        @functools.wraps(step)
        def events(*args: P.args, **kwargs: P.kwargs) -> Iterator[Any]:
            with _told_apart(_context_of(args, kwargs)):
                yield from cast("Callable[P, Iterator[Any]]", step)(*args, **kwargs)

        return cast("Callable[P, R]", events)

    @functools.wraps(step)
    def result(*args: P.args, **kwargs: P.kwargs) -> R:
        with _told_apart(_context_of(args, kwargs)):
            return step(*args, **kwargs)

    return result


def _context_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return args[0] if args else kwargs["context"]


@contextlib.contextmanager
def _told_apart(context: Any) -> Iterator[None]:
    try:
        yield
    except RetryRequested:
        raise
    except Failure as failure:
        if not failure.allow_retries:
            _mark(context, kind_of(failure.description or ""))
        raise
    except Exception as error:
        kind = kind_of(words_of(error))
        # The context of a check has it one level down.
        tried = getattr(context, "op_execution_context", context).retry_number
        if kind.passing and tried < AGAIN:
            context.log.warning(f"{kind.en}: {error}; tried again by itself ({tried + 1} of {AGAIN})")
            raise RetryRequested(max_retries=AGAIN, seconds_to_wait=WAIT_SECONDS * 2**tried) from error
        if not kind.passing:
            _mark(context, kind)
        metadata = {
            "kind": kind.id,
            "meaning": f"{kind.en} {kind.zh}",
            "what_to_do": f"{kind.do_en} {kind.do_zh}",
        }
        said = f"{type(error).__name__}: {error}"
        raise Failure(said, metadata=metadata, allow_retries=False) from error


def _mark(context: Any, kind: FailureKind) -> None:
    context.instance.add_run_tags(context.run.run_id, {PERMANENT_TAG: kind.id})
