from datetime import UTC, date, datetime, timedelta

from markupsafe import Markup

from heka_portal.clock import now, today
from heka_portal.web import filters


def test_when_says_it_and_holds_the_exact_form(in_page):
    moment = datetime(2020, 11, 18, 17, 42, tzinfo=UTC)
    assert in_page(filters.when, moment, language="fi") == Markup(
        '<time datetime="2020-11-18T19:42+02:00" title="keskiviikko 18.11.2020 klo\u00a019.42">'
        "18.11.2020 klo\u00a019.42</time>"
    )


def test_when_of_today(in_page):
    assert ">today at\u0020" in in_page(filters.when, now(), language="en")
    assert ">today</time>" in in_page(filters.when, today(), language="en")
    assert ">today</time>" in in_page(filters.when, now(), clock=False, language="en")


def test_nothing_is_written_for_no_date(in_page):
    assert in_page(filters.when, None) == in_page(filters.due, None) == in_page(filters.on_date, None) == ""


def test_a_date_has_its_weekday_in_the_title(in_page):
    written = in_page(filters.on_date, date(2026, 12, 6), language="sv")
    assert written == '<time datetime="2026-12-06" title="söndag 6.12.2026">6.12.2026</time>'


def test_a_slot_keeps_its_hours_together(in_page):
    start = datetime(2020, 11, 26, 10, 0, tzinfo=UTC)
    written = in_page(filters.slot, start, start + timedelta(hours=2))
    assert '<span class="hp-nowrap">klo\u00a012–14</span>' in written


def test_paragraphs_keep_lines_and_escape_everything():
    written = filters.paragraphs("First\r\nline\n\n\n <b>second</b> & 'it'\n")
    assert written == "<p>First<br>\nline</p>\n<p> &lt;b&gt;second&lt;/b&gt; &amp; &#39;it&#39;</p>"


def test_paragraphs_of_nothing_are_nothing():
    assert filters.paragraphs(None) == filters.paragraphs("\n \n") == ""


def test_markup_in_a_text_is_not_trusted_for_its_type():
    assert "<script>" not in filters.paragraphs("<script>alert(1)</script>")


def test_a_phone_link_cannot_break_out_of_its_attribute():
    written = filters.phone_anchor('"><script>')
    assert "<script>" not in written
    assert written.count('"') == 4
