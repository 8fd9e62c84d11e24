"""A document as one self-contained page: nothing from outside, no script, light and dark."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from itertools import count

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from monitor.digest.charts_svg import CHART_STYLE, render_chart_svg
from monitor.digest.number_format import ENGLISH, NumberFormat
from monitor.domain.chart import Chart
from monitor.domain.document import Document, DocumentBlock


def render_html(document: Document, numbers: NumberFormat = ENGLISH) -> str:
    """Return the document as an HTML page whose own policy forbids all but its one style sheet.

    The same document gives the same page.
    """
    style = _load_style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    keys = count(1)

    def draw_chart(chart: Chart) -> Markup:
        drawn = render_chart_svg(chart, numbers, key=f"chart{next(keys)}")
        return Markup(drawn)  # noqa: S704 - it escapes every text in it

    page: str = _load_template().render(
        document=document,
        language=numbers.language,
        style=Markup(style),  # noqa: S704 - our own file
        style_hash=digest,
        kind_of=_name_kind,
        draw=draw_chart,
        day=lambda at: numbers.write_date(at.date()),
    )
    return page


def _name_kind(block: DocumentBlock) -> str:
    return type(block).__name__


@cache
def _load_style() -> str:
    written = resources.files("monitor.digest").joinpath("templates/digest.css").read_text("utf-8")
    return "".join(line.strip() for line in (written + CHART_STYLE).splitlines())


@cache
def _load_template() -> Template:
    source = resources.files("monitor.digest").joinpath("templates/digest.html").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(source)
