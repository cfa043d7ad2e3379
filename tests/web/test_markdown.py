"""Whatever staff paste into a notice, a browser is given nothing but words, lists and links."""

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from heka_portal.web import markdown

ATTRIBUTES = {"a": {"href", "rel"}, "th": {"scope"}}
SCHEMES = ("https://", "http://", "mailto:", "tel:", "/", "#")
PIECES = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.example/x.png)",
        "![a](x\"onerror='alert(1))",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java\tscript:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](vbscript:x)",
        "[a](//evil.example)",
        "[a](/\\evil.example)",
        "[a](</\t/evil.example>)",
        "[a](&Tab;//evil.example)",
        '[a](https://heka.example "title\' onmouseover=alert(1)")',
        "[a](https://heka.example)",
        "[a](/notices/1)",
        "<javascript:alert(1)>",
        "<https://heka.example>",
        "[r]: javascript:alert(1)",
        "[r]",
        "<a href='javascript:x' onclick=alert(1)>x</a>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mtext></table><style><img src onerror=alert(1)></style>",
        "<iframe srcdoc='<script>'>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&lt;script&gt;",
        "`<b onmouseover=x>`",
        "```\n<script>\n```",
        "|a|b|\n|-|:-|\n|<script>|[x](javascript:y)|\n",
        "# ",
        "###### ",
        "> ",
        "- ",
        "1. ",
        "**",
        "_",
        "~~",
        "---\n",
        "    ",
        "\n",
        "\n\n",
        "\\",
        "\x00",
        '"',
        "'",
        ">",
        "<",
        "ä",
    ]
)
HOSTILE = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=14).map("".join)


def elements(written):
    root = html5lib.parseFragment(str(written), namespaceHTMLElements=False)
    return [element for element in root.iter() if element is not root]


@given(HOSTILE, st.integers(2, 6))
def test_nothing_but_the_narrow_list_comes_out(text, top):
    written = markdown.to_html(text, top)
    for element in elements(written):
        assert element.tag in markdown.TAGS
        assert set(element.attrib) <= ATTRIBUTES.get(element.tag, set())
        if "href" in element.attrib:
            href = element.attrib["href"].lower()
            assert href.startswith(SCHEMES)
            assert not href.startswith(("//", "/\\"))
            assert element.attrib["rel"] == "noopener"
        if element.tag.startswith("h") and element.tag != "hr":
            assert int(element.tag[1:]) >= top


@given(HOSTILE)
def test_what_comes_out_is_read_the_same_again(text):
    once = markdown.to_html(text)
    assert isinstance(once, Markup)
    again = html5lib.serialize(html5lib.parseFragment(once))
    assert html5lib.serialize(html5lib.parseFragment(again)) == again
    assert "\x00" not in once


@given(HOSTILE)
def test_plain_text_is_no_markup_and_has_no_empty_lines(text):
    words = markdown.plain_text(text)
    assert not isinstance(words, Markup)
    assert all(line.strip() == line != "" for line in words.split("\n")) or words == ""


@given(HOSTILE, st.integers(20, 200))
def test_the_first_words_keep_to_their_length_on_one_line(text, length):
    words = markdown.cut_words(markdown.plain_text(text), length)
    assert len(words) <= length
    assert "\n" not in words


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# Vesikatko\n\nTorstaina **klo 8–10**.", "<h2>Vesikatko</h2>\n<p>Torstaina <strong>klo 8–10</strong>.</p>"),
        ("rivi\ntoinen", "<p>rivi<br>\ntoinen</p>"),
        ("- yksi\n- kaksi", "<ul>\n<li>yksi</li>\n<li>kaksi</li>\n</ul>"),
        ("[a](/notices)", '<p><a href="/notices" rel="noopener">a</a></p>'),
        ("[s](tel:0957673100)", '<p><a href="tel:0957673100" rel="noopener">s</a></p>'),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
        ("[a](//evil.example)", "<p>[a](//evil.example)</p>"),
        ("<b>x</b> & y", "<p>&lt;b&gt;x&lt;/b&gt; &amp; y</p>"),
        ("![the yard](https://evil.example/x.png)", "<p>the yard</p>"),
        ("    not code", "<p>not code</p>"),
        ("~~old~~ `x`", "<p>~~old~~ `x`</p>"),
        ("", ""),
        (None, ""),
    ],
)
def test_markdown_is_written(text, written):
    assert markdown.to_html(text) == written


def test_headings_begin_where_the_page_says_and_never_at_h1():
    assert markdown.to_html("# a\n\n## b\n\n###### c", top=3) == "<h3>a</h3>\n<h4>b</h4>\n<h6>c</h6>"
    assert markdown.to_html("# a", top=1) == "<h2>a</h2>"


def test_a_table_has_headings_for_its_columns():
    written = markdown.to_html("| Päivä | Talo |\n|---|:--|\n| ma | A |")
    assert '<th scope="col">Päivä</th>' in written
    assert "style" not in written


def test_plain_text_reads_as_lines():
    text = "# Vesikatko\n\nVesi on **poikki** [torstaina](https://x.example).\n\n- A\n- B\n\n|a|b|\n|-|-|\n|c|d|"
    assert markdown.plain_text(text) == "Vesikatko\nVesi on poikki torstaina.\nA\nB\na b\nc d"


def test_first_words_are_cut_between_words():
    assert markdown.cut_words("yksi kaksi, kolme neljä", 14) == "yksi kaksi…"
    assert markdown.cut_words("lyhyt", 14) == "lyhyt"


def test_templates_have_it_as_a_filter(app):
    assert app.jinja_env.from_string("{{ '**a** <b>'|markdown }}").render() == "<p><strong>a</strong> &lt;b&gt;</p>"
