"""The tone of a feedback: the customer's own rating outranks the words."""

from __future__ import annotations

from monitor.feedback import Label, Rating, Sentiment, Vader

#: The package's own bounds of a neutral compound score (Hutto & Gilbert 2014).
NEUTRAL = 0.05
#: With 4 or 5 stars, a compound score from here down is read as a complaint worth a look: about half of such reviews
#: hold a real problem.
STRONG = -0.5


def tone(vader: Vader | None, rating: Rating | None) -> tuple[Sentiment | None, tuple[str, ...]]:
    """The sentiment and the facts that decided it; None where neither words nor rating can be read."""
    if rating is not None:
        return _of_stars(rating, vader)
    if vader is None:
        return None, ()
    if vader.compound >= NEUTRAL:
        label = Label.POSITIVE
    else:
        label = Label.NEGATIVE if vader.compound <= -NEUTRAL else Label.NEUTRAL
    return Sentiment(label, vader.compound), (f"the words score {vader.compound:+.2f}",)


def _of_stars(rating: Rating, vader: Vader | None) -> tuple[Sentiment, tuple[str, ...]]:
    stars = rating.stars
    score = (stars - 3) / 2
    rated = f"rated {rating.value:g} on {rating.scale} ({stars:.2g} of 5 stars)"
    if stars >= 4 and vader is not None and vader.compound <= STRONG:
        return Sentiment(Label.MIXED, score), (rated, f"yet the words score {vader.compound:+.2f}")
    label = Label.NEUTRAL
    if stars <= 2 or stars >= 4:
        label = Label.NEGATIVE if stars <= 2 else Label.POSITIVE
    overruled = vader is not None and abs(vader.compound) >= NEUTRAL and (vader.compound > 0) != (score > 0)
    if overruled and vader is not None:
        return Sentiment(label, score), (rated, f"which outranks the words ({vader.compound:+.2f})")
    return Sentiment(label, score), (rated,)
