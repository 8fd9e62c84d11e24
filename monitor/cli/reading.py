"""What was read out of a text, as JSON: the same for `score` and for `rules explain`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.domain.feedback import Analysis, Sentiment, Signal


def reading_to_dict(analysis: Analysis, vader: Mapping[str, object] | None) -> dict[str, object]:
    """Return what was read out of a text, beside the scores of the vaderSentiment package."""
    return {
        "language": analysis.language or None,
        "scored": analysis.scored,
        "vader": vader,
        "sentiment": _sentiment_to_dict(analysis.sentiment),
        "problem": analysis.problem,
        "signals": _signals_to_dicts(analysis.signals),
        "stage": analysis.stage,
        "touchpoint": analysis.touchpoint,
        "drivers": analysis.drivers,
        "emotion": analysis.emotion,
        "why": analysis.why,
    }


def vader_to_dict(analysis: Analysis) -> dict[str, float] | None:
    """Return the scores that were kept with an analysis; None where there are none."""
    scores = analysis.vader
    if scores is None:
        return None
    return {
        "neg": scores.neg,
        "neu": scores.neu,
        "pos": scores.pos,
        "compound": scores.compound,
    }


def _sentiment_to_dict(sentiment: Sentiment | None) -> dict[str, object] | None:
    return {"label": sentiment.label, "score": sentiment.score} if sentiment else None


def _signals_to_dicts(signals: Sequence[Signal] | None) -> list[dict[str, object]] | None:
    if signals is None:
        return None
    return [{"name": signal.name, "words": signal.words} for signal in signals]
