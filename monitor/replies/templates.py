"""Sources of reply drafts: templates in a file and, where configured, a language model."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated

import structlog
from pydantic import AfterValidator, Field

from monitor.config import read_toml, validate_model
from monitor.domain.feedback import Stage
from monitor.domain.reply import (
    MAX_REPLY_LENGTH,
    TEMPLATE_FIELDS,
    Drafter,
    Prompt,
    ReplyTemplate,
    template_field_names,
)
from monitor.errors import ConfigError, ConfigProblem, suggest_nearest
from monitor.settings import Section

log = structlog.get_logger(__name__)

#: Seconds for a model to draft: Slack opens a dialog only within three seconds of the click.
DRAFT_TIMEOUT = 2.0
#: A model that does not respond keeps a thread; while so many are kept, it is not asked.
_MAX_PARALLEL_DRAFTS = 4
#: Marks the name of a file that is shipped with repwatch.
_SAMPLE_PREFIX = "sample:"
_SAMPLE_FOLDER = Path(__file__).parents[1] / "demo" / "data"


def _require_single_line(value: str) -> str:
    """Return the value; raises ValueError if it is blank, or more than a printable line."""
    if value.isprintable() and value.strip():
        return value
    raise ValueError("one line of plain text is needed")


TemplateNames = tuple[Annotated[str, Field(strict=True, min_length=1, max_length=75)], ...]
#: The names that a template may use, by the key of its table; None leaves them unchecked.
_KnownNames = Mapping[str, Collection[str] | None]


class _TemplateTable(Section):
    """One `[[templates]]` table."""

    name: Annotated[str, Field(strict=True, max_length=75), AfterValidator(_require_single_line)]
    text: Annotated[str, Field(strict=True, min_length=1, max_length=MAX_REPLY_LENGTH)]
    rules: TemplateNames = ()
    signals: TemplateNames = ()
    stages: TemplateNames = ()
    sources: TemplateNames = ()


class _TemplateFile(Section):
    templates: Annotated[tuple[_TemplateTable, ...], Field(max_length=100)] = ()


def load_templates(
    file: str,
    folder: Path,
    *,
    rules: Collection[str] | None = None,
    signals: Collection[str] | None = None,
    sources: Collection[str] | None = None,
) -> tuple[ReplyTemplate, ...]:
    """Read the templates in a file; raises ConfigError, which names every mistake in it.

    `rules`, `signals` and `sources` are the names that exist; None leaves such names unchecked.
    """
    shipped = file.startswith(_SAMPLE_PREFIX)
    if shipped:
        path = _SAMPLE_FOLDER / Path(file.removeprefix(_SAMPLE_PREFIX)).name
    else:
        path = folder / file
    if not path.exists():
        text = f'no such file: {file}; try "sample:answers.toml"'
        raise ConfigError([ConfigProblem("respond.templates", text)])
    parsed, problems = validate_model(_TemplateFile, read_toml(path), f"{path.name}: ")
    tables = parsed.templates if parsed else ()
    stages = list(map(str, Stage))
    known: _KnownNames = {"stages": stages}
    if not shipped:  # the shipped example may name rules that are not in use
        known = {"rules": rules, "signals": signals, "stages": stages, "sources": sources}
    problems += _find_template_problems(tables, known, path.name)
    if problems:
        raise ConfigError(problems)
    return tuple(ReplyTemplate(**table.model_dump()) for table in tables)


def _find_template_problems(
    tables: Sequence[_TemplateTable], known: _KnownNames, file_name: str
) -> Iterator[ConfigProblem]:
    """Yield what is wrong with the templates beyond the types of their values."""
    for index, table in enumerate(tables):
        where = f"{file_name}: templates[{index}]"
        yield from _find_unknown_fields(table, where)
        yield from _find_unknown_names(table, known, where)
        if any(table.name == other.name for other in tables[:index]):
            yield ConfigProblem(f"{where}.name", f"{table.name!r} is already taken")


def _find_unknown_fields(table: _TemplateTable, where: str) -> Iterator[ConfigProblem]:
    for name in dict.fromkeys(template_field_names(table.text)):
        if name not in TEMPLATE_FIELDS:
            hint = suggest_nearest(name, list(TEMPLATE_FIELDS))
            yield ConfigProblem(f"{where}.text", f"no field is called {{{name}}}; {hint}")


def _find_unknown_names(
    table: _TemplateTable, known: _KnownNames, where: str
) -> Iterator[ConfigProblem]:
    for key, allowed in known.items():
        if allowed is None:
            continue
        for name in getattr(table, key):
            if name not in allowed:
                hint = suggest_nearest(name, sorted(allowed))
                yield ConfigProblem(f"{where}.{key}", f"{name!r} is none of the {key}; {hint}")


def load_drafter(spec: str) -> TimeLimitedDrafter | None:
    """Make an instance of the drafter that "package.module:Class" names; None for "".

    Raises ConfigError where that fails or gives no drafter.
    """
    if not spec:
        return None
    module, _, name = spec.partition(":")
    try:
        drafter: Drafter = getattr(import_module(module), name)()
    except ModuleNotFoundError as error:
        raise _drafter_error(spec, f"no module named {error.name!r} is installed") from None
    except AttributeError:
        problem = f"the module {module} has no {name}, or it could not be made"
        raise _drafter_error(spec, problem) from None
    except Exception as error:  # a plug-in may raise anything: people read it as a ConfigError
        problem = f"cannot be made without arguments: {type(error).__name__}"
        raise _drafter_error(spec, problem) from error
    if not callable(getattr(drafter, "draft", None)):
        raise _drafter_error(spec, "it has no method draft(prompt)")
    return TimeLimitedDrafter(drafter)


def _drafter_error(spec: str, problem: str) -> ConfigError:
    return ConfigError([ConfigProblem(f"respond.drafter = {spec!r}", problem)])


class TimeLimitedDrafter:
    """Wraps a drafter that may fail or be slow: after `timeout` seconds the template is used."""

    def __init__(self, drafter: Drafter, timeout: float = DRAFT_TIMEOUT) -> None:
        self.drafter = drafter
        self._timeout = timeout
        self._free = threading.BoundedSemaphore(_MAX_PARALLEL_DRAFTS)

    def draft(self, prompt: Prompt) -> str:
        """Return what the model drafts; the template where it fails, is slow or says nothing."""
        if not self._free.acquire(blocking=False):
            log.warning("drafter_busy", unanswered=_MAX_PARALLEL_DRAFTS)
            return prompt.template
        drafts: list[str] = []
        worker = threading.Thread(
            target=self._draft_in_thread, args=(prompt, drafts.append), name="drafter", daemon=True
        )
        worker.start()
        worker.join(self._timeout)
        if worker.is_alive():
            log.warning("drafter_slow", seconds=self._timeout)
        return drafts[0] if drafts else prompt.template

    def _draft_in_thread(self, prompt: Prompt, deliver: Callable[[str], None]) -> None:
        try:
            text = _strip_unstorable(self.drafter.draft(prompt).strip())
            if text:
                deliver(text[: prompt.most])
        except Exception:  # a plug-in may raise anything: people get the template all the same
            log.exception("drafter_failed")
        finally:
            self._free.release()


def _strip_unstorable(text: str) -> str:
    """Return the text without NUL and lone surrogates, which no database and no dialog takes."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
