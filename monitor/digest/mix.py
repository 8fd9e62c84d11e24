"""Whether a figure changed because customers changed their minds, or because others were heard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """What a group (a source, a country) adds to a mean, a share or a balance.

    Raises ValueError for fewer than none.
    """

    n: int
    total: float  #: the sum of the figure over all n: 100 for each hit of a share in percent

    def __post_init__(self) -> None:
        if self.n < 0:
            raise ValueError("a group has no fewer than 0")


@dataclass(frozen=True, slots=True)
class MixPart:
    """What one group did to a change."""

    name: str
    share_before: float  #: of all n, 0 to 1
    share_now: float
    within: float  #: since the figure changed in it
    mix: float  #: since its share changed

    @property
    def grew(self) -> bool:
        """Whether more of all came from it than before."""
        return self.share_now > self.share_before


@dataclass(frozen=True, slots=True)
class MixEffect:
    """A change as the sum of what changed within the groups and of what their shares did to it."""

    change: float
    within: float
    mix: float
    parts: tuple[MixPart, ...]  #: what moved the mix in the direction of the change comes first

    @property
    def explains_most(self) -> bool:
        """Whether more than half of the change comes from other shares.

        Worth a word only where the change itself was called.
        """
        return self.change * (2 * self.mix - self.change) > 0

    @property
    def leading(self) -> MixPart:
        """The group whose share did most to it."""
        return self.parts[0]


def decompose_change(
    now: Mapping[str, GroupTotal], before: Mapping[str, GroupTotal]
) -> MixEffect | None:
    """Return how much of a change of a mean is within the groups and how much is their mix.

    None where one period is empty. The parts are those of E. M. Kitagawa (Journal of the American
    Statistical Association 50, 1955), each against the mean of both periods; a group that is only
    in one period has no change within.
    """
    n_now = sum(group.n for group in now.values())
    n_before = sum(group.n for group in before.values())
    if not n_now or not n_before:
        return None
    mean_now = sum(group.total for group in now.values()) / n_now
    mean_before = sum(group.total for group in before.values()) / n_before
    nothing = GroupTotal(0, 0.0)
    parts = [
        _weigh_group(
            name,
            (now.get(name, nothing), n_now),
            (before.get(name, nothing), n_before),
            (mean_now + mean_before) / 2,
        )
        for name in sorted(now.keys() | before.keys())
    ]
    change = mean_now - mean_before
    parts.sort(key=lambda part: part.mix, reverse=change >= 0)
    within, mix = sum(part.within for part in parts), sum(part.mix for part in parts)
    return MixEffect(change, within, mix, tuple(parts))


def _weigh_group(
    name: str, now: tuple[GroupTotal, int], before: tuple[GroupTotal, int], middle: float
) -> MixPart:
    (group_now, n_now), (group_before, n_before) = now, before
    share_now, share_before = group_now.n / n_now, group_before.n / n_before
    known = [group.total / group.n for group in (group_before, group_now) if group.n]
    if not known:
        return MixPart(name, 0.0, 0.0, 0.0, 0.0)
    first, last = known[0], known[-1]
    within = (share_now + share_before) / 2 * (last - first)
    mix = (share_now - share_before) * ((first + last) / 2 - middle)
    return MixPart(name, share_before, share_now, within, mix)
