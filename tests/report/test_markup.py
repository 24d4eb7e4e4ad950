"""Text becomes HTML that shows just that text."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyroutes.report.markdown import one_line
from supplyroutes.report.markup import Markup, joined, linked, tag
from tests.pages import Element, read_page


def page_of(markup: str) -> Element:
    """Return the body of a page with this in it."""
    return read_page(f"<!DOCTYPE html><html><body>{markup}</body></html>").all("body")[0]


@given(st.text(), st.text())
def test_any_text_stays_text_in_an_element_and_in_an_attribute(inside, value):
    (element,) = page_of(tag("p", inside, title=value)).all()
    assert element.name == "p"
    assert element.text.strip(" ") == one_line(inside).strip(" ")
    assert element.attributes == {"title": one_line(value)}


@given(st.lists(st.sampled_from(["https://a.b/c?d=1&e=%20", "<b>", " ", ".", ")", '"', "é", "//"])))
def test_a_link_leads_where_its_text_says(parts):
    text = "".join(parts)
    body = page_of(linked(text))
    assert body.text.strip(" ") == one_line(text).strip(" ")
    for link in body.all():
        assert link.name == "a"
        assert link["href"] == link.text
        assert link["href"].startswith("https://a.b/")
        assert link["rel"] == "noreferrer"


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", "data:text/html,x", "file:x", "//a.b", "ftp://a.b", "http:",
     "https://", "www.a.b", "vbscript:x", "HTTPS://A.B"],
)  # fmt: skip
def test_only_addresses_of_web_pages_are_links(text):
    assert linked(text) == text


def test_a_stop_after_an_address_is_not_of_it():
    (link,) = page_of(linked("(see http://a.b/c).")).all()
    assert link["href"] == "http://a.b/c"


def test_elements_are_put_together_as_they_are_and_texts_are_escaped():
    assert tag("p", "a < ", tag("b", "&"), " c") == "<p>a &lt; <b>&amp;</b> c</p>"
    assert joined(tag("br_", "x"), "<", by="\n") == "<br_>x</br_>\n&lt;"
    assert isinstance(joined(), Markup)
    assert tag("img", alt="") == '<img alt="">'


def test_hidden_characters_go_and_spaces_that_bind_stay():
    assert (
        unescape(tag("p", "1\u202f200 a\u00a0b\u202e\x1b[31m\n"))
        == "<p>1\u202f200 a\u00a0b[31m</p>"
    )
