"""Lays any chart out for a page or for a picture."""

from __future__ import annotations

from monitor.digest.chart_daily import lay_out_daily
from monitor.digest.chart_intervals import lay_out_intervals
from monitor.digest.chart_rows import lay_out_heat, lay_out_responses
from monitor.digest.chart_scene import Room, Scene
from monitor.digest.number_format import NumberFormat
from monitor.domain.chart import Chart, DailyChart, HeatMap, IntervalChart


def lay_out_chart(chart: Chart, numbers: NumberFormat, room: Room) -> Scene:
    """Return a chart as shapes. The same chart gives the same shapes."""
    if isinstance(chart, DailyChart):
        return lay_out_daily(chart, numbers, room)
    if isinstance(chart, HeatMap):
        return lay_out_heat(chart, numbers, room)
    if isinstance(chart, IntervalChart):
        return lay_out_intervals(chart, numbers, room)
    return lay_out_responses(chart, numbers, room)
