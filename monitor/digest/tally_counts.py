"""From the tallies of a period to the counts that measures are made of; pure."""

from __future__ import annotations

from monitor.digest.counts import RatingCounts, ShareCount, ToneCounts
from monitor.digest.tallies import Tallies
from monitor.domain.feedback import Label, Scale


def count_tones(tallies: Tallies) -> ToneCounts:
    """Return how much feedback has which tone."""
    return ToneCounts(
        positive=tallies.count_label(Label.POSITIVE),
        neutral=tallies.count_label(Label.NEUTRAL),
        negative=tallies.count_label(Label.NEGATIVE),
        mixed=tallies.count_label(Label.MIXED),
        unread=tallies.total - tallies.scored,
    )


def count_problems(tallies: Tallies) -> ShareCount:
    """Return how much of what was read is probably a problem."""
    return ShareCount(tallies.count(lambda key: key.problem and bool(key.label)), tallies.scored)


def count_points(tallies: Tallies, scale: Scale) -> RatingCounts:
    """Return how many gave each point of a scale, the best one highest.

    A rating between two points counts for the nearer one, half of one for the higher.
    """
    lowest, highest = scale.bounds
    points = [0] * (highest - lowest + 1)
    for value, count in tallies.count_ratings(scale).items():
        point = int(value + 0.5)
        best_first = lowest + highest - point if scale is Scale.INVERTED5 else point
        points[best_first - lowest] += count
    return RatingCounts(lowest, tuple(points))
