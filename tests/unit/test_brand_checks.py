"""What the brand and its goals say about other parts of the configuration is checked."""

from __future__ import annotations

from datetime import date

from monitor.digest_settings import DigestSettings
from monitor.followup.brand_checks import check_brand_settings, find_overdue_goals
from monitor.settings import Settings

SETTINGS = Settings.model_validate(
    {
        "sources": [{"id": "app-store", "kind": "app_store"}],
        "brand": {
            "competitors": [{"name": "Rival", "sources": ["app-stor"]}],
            "personas": [
                {"name": "Owners", "query": "shop AND"},
                {"name": "Large", "attributes": {"plan": "pro"}},
            ],
        },
        "goals": [
            {"measure": "nps", "target": 40, "by": date(2026, 11, 29), "source": "web"},
            {"measure": "csat", "target": 90, "by": date(2026, 11, 30), "source": "app-store"},
        ],
    }
)


def test_sources_that_nobody_has_and_broken_queries_are_named() -> None:
    """Each with its key path and what to do."""
    unknown, of_goal, query = map(str, check_brand_settings(SETTINGS, "config.toml"))

    assert unknown == (
        "config.toml: brand.competitors[0].sources[0]: no source is called 'app-stor'; "
        "did you mean 'app-store'?"
    )
    assert of_goal.startswith("config.toml: goals[0].source: no source is called 'web'")
    assert query.startswith("config.toml: brand.personas[0].query: ")
    assert check_brand_settings(Settings(), "config.toml") == []


def test_a_digest_about_a_persona_that_nobody_has_is_named() -> None:
    """In the section and in each subscription, by its exact name."""
    unknown = {"subscriptions": [{"channel": "#a", "persona": "owners"}], "persona": "Owners"}
    settings = SETTINGS.model_copy(update={"digest": DigestSettings.model_validate(unknown)})
    *_, told = map(str, check_brand_settings(settings, "config.toml"))
    assert told == (
        "config.toml: digest.subscriptions[0].persona: no persona is called 'owners'; "
        "did you mean 'Owners'?"
    )
    alone = Settings.model_validate({"digest": {"persona": "Owners"}})
    [problem] = check_brand_settings(alone, "config.toml")
    assert "[brand] has none" in str(problem)


def test_a_goal_is_overdue_the_day_after() -> None:
    """It is told with its key and what to do, as a warning."""
    assert find_overdue_goals(SETTINGS, date(2026, 11, 30)) == [
        "goals[0].by: 2026-11-29 is over: set a new day for nps of web, or take the goal out"
    ]
