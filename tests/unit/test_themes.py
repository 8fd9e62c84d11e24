"""Themes: what is found in weeks dealt by chance, what is planted in them, and how it is told."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from pydantic import TypeAdapter

from monitor.digest.phrase_changes import (
    adjust_joint_p_values,
    adjust_p_values,
    compare_counts,
    measure_change,
)
from monitor.digest.themes import estimate_tone, find_themes
from monitor.domain.feedback import Label
from monitor.domain.period import Period
from monitor.domain.theme import EventMark, Theme, ThemeKind, ThemeReport, ThemeText
from monitor.domain.tokens import tokenize

PERIOD = Period.from_name("2026-W47")
WEEK = timedelta(weeks=1)
THINGS = tokenize(
    "parcel box zip strap lid invoice card shop counter driver form page button search "
    "login delivery refund manual colour size battery charger cable screen sound price "
    "voucher queue street lamp chair table window door key lock bottle cup plate spoon fork "
    "knife towel soap "
)
JUDGED = tokenize(
    "arrived broke works looks smells lasts fits wobbles shines fails helps shrinks squeaks "
    "leaks opens closes bends turned came failed "
)
HOW = tokenize("late early fine badly slowly quickly quietly loudly poorly nicely ")
SOMEONE = tokenize("my your our their this that every another ")


def say_anything(chosen: random.Random) -> str:
    """A sentence of words that are drawn by themselves, some often and some rarely."""
    words = []
    for _ in range(chosen.randint(1, 2)):
        thing = THINGS[min(int(chosen.expovariate(0.08)), len(THINGS) - 1)]
        words += [chosen.choice(SOMEONE), thing, "which", "then"]
        words += [chosen.choice(JUDGED), chosen.choice(HOW)]
    return " ".join(words)


def deal_weeks(size: int, seed: str) -> list[ThemeText]:
    """A week of `size` texts and eight weeks of as many each, all alike."""
    chosen = random.Random(seed)
    return [
        ThemeText(
            feedback_id=number + 1,
            words=say_anything(chosen),
            at=PERIOD.since - number // size * WEEK + chosen.random() * 0.999 * WEEK,
            label=chosen.choice([Label.POSITIVE, Label.NEGATIVE, Label.NEUTRAL, None]),
            stage=chosen.choice(["use", "support", None]),
        )
        for number in range(size * 9)
    ]


def plant(
    dealt: Sequence[ThemeText], sayings: Sequence[str], now: int, before: int, seed: str
) -> tuple[list[ThemeText], set[int]]:
    """The texts with a saying added to some, and the ids of those of the week."""
    chosen = random.Random(seed)
    late = [text.feedback_id for text in dealt if text.at >= PERIOD.since]
    early = [text.feedback_id for text in dealt if text.at < PERIOD.since]
    planted = {*chosen.sample(late, now), *chosen.sample(early, before)}
    changed = [
        replace(text, words=f"{text.words} {sayings[text.feedback_id % len(sayings)]}")
        if text.feedback_id in planted
        else text
        for text in dealt
    ]
    return changed, planted & set(late)


def pick_themes(report: ThemeReport, *words: str) -> list[Theme]:
    """The themes in which one of the words stands."""
    return [theme for theme in report.themes if set(words) & set(" ".join(theme.phrases).split())]


def kinds_of(report: ThemeReport, word: str) -> list[ThemeKind]:
    """The kinds of the themes in which a word stands."""
    return [theme.kind for theme in pick_themes(report, word)]


def test_shuffled_weeks_seldom_have_a_theme() -> None:
    """Of thirty digests of 200 items that chance has dealt, at most a tenth tell of anything."""
    reports = [find_themes(deal_weeks(200, f"shuffled {seed}"), PERIOD) for seed in range(30)]

    assert sum(bool(report.themes) for report in reports) <= 3
    assert min(report.tested for report in reports) > 20


@pytest.mark.parametrize(
    ("size", "now", "before", "kind"),
    [
        (200, 5, 0, ThemeKind.NEW),
        (1000, 8, 0, ThemeKind.NEW),
        (1000, 12, 20, ThemeKind.GROWING),
        (1000, 40, 160, ThemeKind.GROWING),
        (1000, 16, 320, ThemeKind.FADING),
    ],
)
def test_what_is_planted_is_found(size: int, now: int, before: int, kind: ThemeKind) -> None:
    """A new phrase in 5 of 200, a doubling, a fading: told as what it is, each time."""
    for seed in range(400 // size + 1):
        dealt = deal_weeks(size, f"{size} {now} {seed}")
        changed, _ = plant(dealt, ["blorped the widget"], now, before, f"{seed}")

        assert kinds_of(find_themes(changed, PERIOD), "widget") == [kind]


def test_overlapping_phrases_are_one_theme() -> None:
    """What people call the same thing by is joined, with at least nine tenths of its items."""
    sayings = ["app crashes", "crashes on login", "the app crashes on login"]
    for seed in range(4):
        changed, planted = plant(deal_weeks(600, f"{seed}"), sayings, 30, 0, f"{seed}")

        (theme,) = pick_themes(find_themes(changed, PERIOD), "crashes", "login")
        assert len(planted & set(theme.feedback_ids)) >= 0.9 * len(planted)
        assert "crashes" in theme.name.split()


def test_two_troubles_of_one_week_are_two_themes() -> None:
    """Different texts are never joined only because both are new."""
    changed, _ = plant(deal_weeks(400, "two"), ["app crashes"], 20, 0, "first")
    changed, _ = plant(changed, ["voided warranty"], 20, 0, "second")

    report = find_themes(changed, PERIOD)
    (first,), (second,) = pick_themes(report, "crashes"), pick_themes(report, "voided")
    assert (first.name, second.name) == ("app crashes", "voided warranty")


def test_a_theme_tells_all_of_itself() -> None:
    """Name, numbers, items, balance with its n, stage and three quotes fit each other."""
    changed, planted = plant(deal_weeks(400, "told"), ["blorped the widget"], 20, 2, "told")
    changed = [
        replace(text, label=Label.NEGATIVE, stage="support")
        if text.feedback_id in planted
        else text
        for text in changed
    ]
    (theme,) = pick_themes(find_themes(changed, PERIOD), "widget")

    assert theme.name == "blorped the widget"
    assert set(theme.feedback_ids) == planted
    assert (theme.items, theme.authors, theme.authors_before) == (20, 20, 2)
    assert theme.per_week_before == pytest.approx(2 / 8)
    assert theme.expected == pytest.approx(2 / 8)
    assert 0 < theme.log_odds_low < theme.log_odds < theme.log_odds_high
    assert theme.p < 0.001
    assert (theme.balance.value, theme.balance.n) == (-100, 20)
    assert (theme.stage, theme.stage_items) == ("support", 20)
    assert len(set(theme.quotes)) == 3
    assert set(theme.quotes) <= planted


def test_a_report_is_kept_as_json_and_read_again() -> None:
    """A snapshot of it is the same report."""
    changed, _ = plant(deal_weeks(200, "kept"), ["blorped the widget"], 12, 0, "kept")
    events = [EventMark(name="6.5.0", at=PERIOD.since)]
    report = find_themes(changed, PERIOD, events=events)
    adapter = TypeAdapter(ThemeReport)

    assert report.themes
    assert adapter.validate_json(adapter.dump_json(report)) == report


def test_the_order_of_the_texts_changes_nothing() -> None:
    """The same texts give the same report."""
    changed, _ = plant(deal_weeks(200, "order"), ["blorped the widget"], 12, 0, "order")
    shuffled = random.Random(1).sample(changed, len(changed))

    assert find_themes(changed, PERIOD) == find_themes(shuffled, PERIOD)


def test_one_loud_author_is_no_theme() -> None:
    """Thirty texts of one person are one voice."""
    changed, planted = plant(deal_weeks(400, "loud"), ["blorped the widget"], 30, 0, "loud")
    loud = [
        replace(text, author="anna") if text.feedback_id in planted else text for text in changed
    ]

    assert kinds_of(find_themes(changed, PERIOD), "widget") == [ThemeKind.NEW]
    assert kinds_of(find_themes(loud, PERIOD), "widget") == []


def test_a_text_that_is_published_again_is_no_theme() -> None:
    """Thirty copies of one text are one voice, whoever posted them."""
    dealt = deal_weeks(400, "copied")
    copied = "please sign the petition against the blorped widget that harms our rivers"
    late = [text.feedback_id for text in dealt if text.at >= PERIOD.since][:30]
    changed = [replace(text, words=copied) if text.feedback_id in late else text for text in dealt]

    assert kinds_of(find_themes(changed, PERIOD), "widget") == []


def test_a_source_that_grows_brings_no_theme() -> None:
    """Three times as many texts of one source are no news of what people say."""
    dealt = [replace(text, source_id="old") for text in deal_weeks(300, "grown")]
    chosen = random.Random("grown")
    other = [
        ThemeText(
            feedback_id=100_000 + number,
            words=f"{say_anything(chosen)} {chosen.choice(['gizmo hums', 'gizmo glows'])}",
            at=PERIOD.since - WEEK * week + timedelta(minutes=place),
            source_id="new",
        )
        for number, (week, place) in enumerate(
            [(0, place) for place in range(150)]
            + [(week, place) for week in range(1, 9) for place in range(10)]
        )
    ]

    assert kinds_of(find_themes([*dealt, *other], PERIOD), "gizmo") == []


def test_too_few_people_show_no_theme_and_it_is_said() -> None:
    """A quiet week is told of, not filled."""
    dealt = deal_weeks(10, "few")
    quiet = find_themes(dealt, PERIOD)
    young = find_themes([text for text in deal_weeks(40, "y") if text.at >= PERIOD.since], PERIOD)

    assert quiet.silent_because.startswith("10 people wrote in the period")
    assert young.silent_because.startswith("0 people wrote in the weeks before")
    assert (quiet.themes, young.themes, quiet.tested) == ((), (), 0)
    assert find_themes([], PERIOD).themes == ()


def test_a_theme_that_begins_with_a_release_names_it() -> None:
    """The day from which a phrase is frequent is that of the marked event."""
    dealt = deal_weeks(400, "release")
    released = PERIOD.since + timedelta(days=3, hours=8)
    told = [text.feedback_id for text in dealt if text.at > released][:25]
    changed = [
        replace(text, words=f"{text.words} blorped the widget")
        if text.feedback_id in told
        else text
        for text in dealt
    ]
    events = [
        EventMark(name="campaign", at=PERIOD.since - 3 * WEEK),
        EventMark(name="6.5.0", at=released),
    ]
    (theme,) = pick_themes(find_themes(changed, PERIOD, events=events), "widget")

    assert theme.start is not None
    assert theme.start.event == "6.5.0"
    assert theme.start.day == released.date()


def test_a_sample_is_counted_at_its_own_scale() -> None:
    """Authors a week before are of as large a part of all texts as was read of the period."""
    changed, _ = plant(deal_weeks(400, "scale"), ["blorped the widget"], 20, 8, "scale")

    (whole,) = pick_themes(find_themes(changed, PERIOD), "widget")
    (sampled,) = pick_themes(find_themes(changed, PERIOD, totals=(800, 3200)), "widget")

    assert whole.per_week_before == pytest.approx(1)
    assert sampled.per_week_before == pytest.approx(0.5)


def test_the_exact_test_is_that_of_scipy() -> None:
    """Against the binomial test of scipy.stats, tail by tail."""
    from scipy.stats import binom

    now, before = np.array([5, 40, 0, 16, 3]), np.array([0, 160, 60, 320, 24])
    chance = np.array([1 / 9, 1 / 9, 1 / 9, 0.2, 1 / 9])
    total = now + before
    lower, upper = binom.cdf(now, total, chance), binom.sf(now - 1, total, chance)

    expected = np.minimum(1, 2 * np.minimum(lower, upper))
    assert compare_counts(now, before, chance) == pytest.approx(expected)
    assert compare_counts(now[:1], before[:1], chance[:1]) == pytest.approx([2 / 9**5])


def test_adjusted_p_values_are_those_of_scipy() -> None:
    """Against scipy's Benjamini-Hochberg; none for none."""
    from scipy.stats import false_discovery_control

    p = np.random.default_rng(5).uniform(size=50) ** 3

    assert adjust_p_values(p) == pytest.approx(false_discovery_control(p))
    assert len(adjust_p_values(np.empty(0))) == 0


def test_one_large_change_lets_no_chance_finding_pass() -> None:
    """Fifty phrases of one theme make no room for what is not rare enough by itself."""
    theme, chance = np.full(50, 1e-9), np.array([0.002])

    alone = adjust_joint_p_values([chance], 300)
    beside = adjust_joint_p_values([theme, chance], 300)

    assert adjust_p_values(np.concatenate([theme, chance, np.ones(249)]))[50] < 0.05
    assert alone == pytest.approx([0.6])
    assert beside == pytest.approx([50 * 1e-9 * 300 / 50 / 50, 0.3])


def test_the_size_of_a_change_is_shrunk_towards_none() -> None:
    """The fewer authors, the nearer to no change; none at all where nothing has changed."""
    doubled = measure_change(40, 160, 1 / 9, 1000).value
    few = measure_change(4, 16, 1 / 9, 1000).value

    assert 0 < few < doubled < np.log(2.1)
    assert measure_change(20, 160, 1 / 9, 1000).value == pytest.approx(0, abs=1e-9)
    assert measure_change(5, 160, 1 / 9, 1000).high < 0


def test_the_tone_of_a_theme_leaves_out_what_is_unread() -> None:
    """Positive less negative of what was read; nothing where nothing was."""
    dealt = deal_weeks(20, "tone")[:8]
    labels = [Label.POSITIVE, Label.NEGATIVE, Label.NEGATIVE, Label.NEUTRAL, None, None, None, None]
    told = [replace(text, label=label) for text, label in zip(dealt, labels, strict=True)]
    tone = estimate_tone(told)

    assert (tone.value, tone.n) == (-25, 4)
    assert tone.low is not None
    assert tone.high is not None
    assert -100 <= tone.low < -25 < tone.high <= 100
    assert estimate_tone(told[4:]).value is None
