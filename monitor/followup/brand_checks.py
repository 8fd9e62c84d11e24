"""Checks of what the brand and its goals say about other parts of the configuration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from monitor.domain.workspace import Competitor
from monitor.errors import ConfigProblem, QueryError, suggest_nearest
from monitor.settings import Settings
from rules.query import MOST_CHARACTERS, parse_query


def check_brand_settings(settings: Settings, file: str) -> list[ConfigProblem]:
    """Return the sources and personas that are named and nobody has, and the broken queries."""
    sources = [source.id for source in settings.sources]
    return [
        *_find_unknown_sources(settings, sources, file),
        *_find_broken_queries(settings, file),
        *_find_unknown_personas(settings, file),
    ]


def _find_unknown_sources(
    settings: Settings, sources: Sequence[str], file: str
) -> Iterator[ConfigProblem]:
    named: list[tuple[str, str]] = [
        (f"brand.competitors[{index}].sources[{place}]", source)
        for index, competitor in enumerate(settings.brand.competitors)
        for place, source in enumerate(competitor.sources)
    ]
    named += [
        (f"goals[{index}].source", goal.source)
        for index, goal in enumerate(settings.goals)
        if goal.source
    ]
    for key, source in named:
        if source not in sources:
            hint = suggest_nearest(source, sources)
            yield ConfigProblem(f"{file}: {key}", f"no source is called {source!r}; {hint}")


def _find_broken_queries(settings: Settings, file: str) -> Iterator[ConfigProblem]:
    """Yield the queries of personas and the words of competitors that find nothing for ever."""
    for index, persona in enumerate(settings.brand.personas):
        if mistake := _find_mistake(persona.query):
            yield ConfigProblem(f"{file}: brand.personas[{index}].query", mistake)
    for index, table in enumerate(settings.brand.competitors):
        for place, word in enumerate(table.words):
            if mistake := _find_mistake(Competitor(table.name, (word,)).query):
                where = f"{file}: brand.competitors[{index}].words[{place}]"
                yield ConfigProblem(where, f"{word!r} cannot be found: {mistake}")
        if len(table.competitor.query) > MOST_CHARACTERS:
            where = f"{file}: brand.competitors[{index}].words"
            yield ConfigProblem(where, f"they have more than {MOST_CHARACTERS} characters together")


def _find_mistake(query: str) -> str:
    """Return what is wrong with a query; empty where nothing is, or where there is none."""
    try:
        if query:
            parse_query(query)
    except QueryError as error:
        return str(error)
    return ""


def _find_unknown_personas(settings: Settings, file: str) -> Iterator[ConfigProblem]:
    """Yield a problem for each digest that is to be about a persona that there is not."""
    personas = [persona.name for persona in settings.brand.personas]
    named = [("digest.persona", settings.digest.persona)]
    named += [
        (f"digest.subscriptions[{index}].persona", one.persona)
        for index, one in enumerate(settings.digest.subscriptions)
    ]
    for key, persona in named:
        if persona and persona not in personas:
            hint = suggest_nearest(persona, personas) if personas else "[brand] has none"
            yield ConfigProblem(f"{file}: {key}", f"no persona is called {persona!r}; {hint}")


def find_overdue_goals(settings: Settings, today: date) -> list[str]:
    """Return a sentence for each goal whose day is over: it is kept, and says nothing any more."""
    return [
        f"goals[{index}].by: {table.by.isoformat()} is over: set a new day for "
        f"{table.goal.label}, or take the goal out"
        for index, table in enumerate(settings.goals)
        if table.by < today
    ]
