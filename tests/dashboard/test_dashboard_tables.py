"""Tables say every text as it is, whatever is in it, and name their rows and columns."""

import html
import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from gait.dashboard.tables import Column, link, points, table_html
from gait.text import printable

TEXTS = st.text(max_size=30) | st.sampled_from(["<script>alert(1)</script>", "a & b", '"><b>', "'"])


class Cells(HTMLParser):
    """The texts of a table, cell by cell, and every tag that is in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data):
        if self.cells:
            self.cells[-1] += data


@given(rows=st.lists(st.tuples(TEXTS, TEXTS), max_size=4), caption=TEXTS, name=TEXTS)
def test_every_text_comes_out_as_it_is(rows, caption, name):
    made = table_html(caption, [Column("Name"), Column(name, count=True)], rows)
    parsed = Cells(made)
    assert parsed.tags <= {"table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert parsed.cells[2:] == [printable(text) for row in rows for text in row]
    empty = sum(not printable(text) for _, text in rows)
    assert made.count('class="count empty"') == empty


@given(text=TEXTS, address=TEXTS)
def test_a_link_leads_nowhere_else(text, address):
    made = str(link(text, address))
    found = re.fullmatch(r'<a href="([^"]*)">([^<]*)</a>', made, re.DOTALL)
    assert found
    assert html.unescape(found[1]) == address


def test_reasons_are_a_list_each_with_the_word_of_its_kind():
    assert points([]) == ""
    assert str(points(["<one>", "two"])) == (
        '<ul class="points"><li>&lt;one&gt;</li><li>two</li></ul>'
    )
    told = str(points(["walk", "shoes"], ["alarm", "note"]))
    assert '<li><strong class="alarm">Warning sign</strong> walk</li><li>shoes</li>' in told
