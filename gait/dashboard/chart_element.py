"""A `Chart` on a page: the picture, what it says in a sentence, and its numbers as a table."""

from nicegui import ui

from gait.dashboard.charts import Chart
from gait.dashboard.tables import Column, table_html
from gait.text import printable


class Picture:
    """The picture with its words for who does not see it; `show` puts another in its place."""

    def __init__(self, chart: Chart, *, height_rem: float = 17.0) -> None:
        with ui.element("figure").classes("picture"):
            self.echart = ui.echart(chart.options, renderer="svg")
            self.echart.style(f"height: {height_rem}rem; width: 100%").props("role=img")
            self._numbers = ui.html(sanitize=False).classes("unseen")
        self._tell(chart)

    def show(self, chart: Chart) -> None:
        self.echart.options.clear()
        self.echart.options.update(chart.options)
        self.echart.update()
        self._tell(chart)

    def _tell(self, chart: Chart) -> None:
        self.echart.props["aria-label"] = printable(chart.said)
        columns = [Column(name) for name in chart.head]
        self._numbers.content = table_html(chart.said, columns, chart.rows)
