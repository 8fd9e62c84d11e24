"""Value at risk: whose open complaints weigh most, by band of revenue and by coming renewals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.digest.part import DigestPart
from monitor.digest.period_data import PeriodData
from monitor.digest.wording import Wording, bullets, muted, paragraph, strong, text_line
from monitor.domain.document import DocumentBlock, TextLine

#: A renewal that is nearer than this is at risk.
RENEWAL_WITHIN = timedelta(days=60)
_MOST_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueBand:
    """The open complaints of customers of one band."""

    band: str
    alerts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalAtRisk:
    """A customer with an open complaint who decides soon."""

    alert_id: int
    due: date
    band: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueAtRisk:
    """Counts and days; no sum of money is made up from them."""

    bands: tuple[RevenueBand, ...]  #: the one with most complaints first
    renewals: tuple[RenewalAtRisk, ...]  #: the nearest first


class ValueAtRiskPart(DigestPart[ValueAtRisk]):
    """Open complaints by band of revenue, and those whose renewal is near."""

    key = "value_at_risk"
    title = "Value at risk"
    value_type = ValueAtRisk

    def load(self, data: PeriodData) -> ValueAtRisk | None:
        brand = data.settings.brand
        if not brand.revenue and not brand.renewal:
            return None
        attributes = _load_attributes(data)
        bands = _group_by_band(attributes, brand.revenue)
        renewals = _find_renewals(attributes, brand.renewal, brand.revenue, data.today)
        if not bands and not renewals:
            return None
        return ValueAtRisk(bands=bands, renewals=renewals)

    def describe(self, value: ValueAtRisk, wording: Wording) -> tuple[DocumentBlock, ...]:
        lines: list[TextLine] = [
            text_line(
                strong(band.band),
                f": {wording.count(len(band.alerts), 'open complaints')} "
                f"(alerts {', '.join(map(str, band.alerts[:_MOST_SHOWN]))})",
            )
            for band in value.bands
        ]
        lines += [
            text_line(
                strong(f"Alert {one.alert_id}"),
                f": renewal on {wording.numbers.write_date(one.due)}",
                f", {one.band}" if one.band else "",
            )
            for one in value.renewals[:_MOST_SHOWN]
        ]
        note = "Counted are complaints, not money: what they are worth is not known here."
        return (bullets(*lines), paragraph(muted(note)))


def _load_attributes(data: PeriodData) -> dict[int, Mapping[str, str]]:
    """Return what is known of the customers of the alerts that are open at the end."""
    open_alerts = data.load_open_alerts()
    subjects = {each.feedback_id: each.alert.id for each in open_alerts if each.feedback_id}
    found = data.tx.period_feedback.list_by_ids(list(subjects))
    return {subjects[feedback.id]: feedback.attributes for feedback, _analysis in found}


def _group_by_band(
    attributes: Mapping[int, Mapping[str, str]], revenue: str
) -> tuple[RevenueBand, ...]:
    bands: dict[str, list[int]] = {}
    for alert_id, known in attributes.items():
        if revenue and known.get(revenue):
            bands.setdefault(known[revenue], []).append(alert_id)
    ordered = sorted(bands.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return tuple(RevenueBand(band=band, alerts=tuple(sorted(ids))) for band, ids in ordered)


def _find_renewals(
    attributes: Mapping[int, Mapping[str, str]], renewal: str, revenue: str, today: date
) -> tuple[RenewalAtRisk, ...]:
    found = [
        RenewalAtRisk(alert_id=alert_id, due=due, band=known.get(revenue, ""))
        for alert_id, known in attributes.items()
        for due in _parse_days([known.get(renewal, "")])
        if today <= due <= today + RENEWAL_WITHIN
    ]
    return tuple(sorted(found, key=lambda one: (one.due, one.alert_id)))


def _parse_days(texts: Iterable[str]) -> Iterable[date]:
    """Yield the days that texts name in ISO 8601; what is none is left out."""
    for text in texts:
        try:
            yield date.fromisoformat(text.strip()[:10])
        except ValueError:
            continue
