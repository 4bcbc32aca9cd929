"""The audit finds what it is there to find: each rule is shown a page that breaks it."""

from __future__ import annotations

import pytest

from tests.html_audit import audit

GOOD = """<!doctype html><html lang="en"><head><title>{title} – Touchstone</title></head><body>
<h1>Approved providers</h1>{body}</body></html>"""


def page(body: str = "", title: str = "Register") -> str:
    return GOOD.format(body=body, title=title)


def test_a_good_page_passes():
    body = """
    <div class="govuk-error-summary"><h2>There is a problem</h2><ul><li><a href="#name">Enter a name.</a></li></ul></div>
    <form method="post"><input type="hidden" name="csrf_token" value="abc">
    <div class="govuk-form-group--error"><label for="name">Name</label><p id="name-error">Enter a name.</p>
    <input id="name" name="name" aria-describedby="name-error"></div>
    <fieldset><legend>Size</legend><label><input type="radio" name="size"> Small</label></fieldset>
    <button>Save</button></form>
    <table><thead><tr><th scope="col">Name</th></tr></thead><tbody><tr><td>Bay</td></tr></tbody></table>
    <svg aria-hidden="true"><path d="M0 0"/></svg><a href="/x"><img src="/y.png" alt="Bay"></a>"""
    assert audit(page(body, "Error: Register")) == []


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<p><div></p></div>", "does not parse"),
        ("<h1>Another</h1>", "one h1"),
        ("<h3>Deep</h3>", "jumps from h1"),
        ('<p id="a">1</p><p id="a">2</p>', "'a' is there 2 times"),
        ('<p aria-describedby="gone">1</p>', "refers by aria-describedby to 'gone'"),
        ('<a href="#gone">There</a>', "leads to '#gone'"),
        ('<input name="q">', "has no label"),
        ('<label for="q"> </label><input id="q" name="q">', "has no label"),
        ('<fieldset><label><input type="radio" name="a"> A</label></fieldset>', "has no legend"),
        ('<div class="govuk-form-group--error">Wrong</div>', "not linked from an error summary"),
        ('<div class="govuk-form-group--error">Wrong</div>', "does not begin with 'Error: '"),
        ('<p style="color:red">1</p>', "inline style or script"),
        ("<style>p {color: red}</style>", "inline style or script"),
        ('<button onclick="go()">Go</button>', "inline style or script"),
        ('<a href="javascript:go()">Go</a>', "inline style or script"),
        ("<script>go()</script>", "inline script"),
        ('<form method="post"><button>Go</button></form>', "no csrf_token"),
        (
            '<form method="post"><input type="hidden" name="csrf_token" value=""><button>Go</button></form>',
            "no csrf_token",
        ),
        ('<a href="/x"></a>', "has no words"),
        ("<button><svg aria-hidden='true'></svg></button>", "has no words"),
        ('<img src="/x.png">', "has no alt"),
        ('<iframe src="/x"></iframe>', "has no title"),
        ("<svg></svg>", "neither a name nor aria-hidden"),
        ("<table><tbody><tr><td>1</td></tr></tbody></table>", "no header cells"),
        ("<table><tbody><tr><th>1</th></tr></tbody></table>", "has no scope"),
        ("<p>None</p>", "says 'None'"),
        ("<p>{{ name }}</p>", "says '{{ name }}'"),
    ],
)
def test_each_mistake_is_named(body, complaint):
    assert any(complaint in problem for problem in audit(page(body))), audit(page(body))


def test_a_page_must_say_what_it_is_and_in_which_language():
    problems = audit("<!doctype html><html><head><title> – Touchstone</title></head><body><h1></h1></body></html>")
    assert {problem.split(":")[0] for problem in problems} == {
        "the title is empty",
        "html has no lang",
        "there must be one h1 with words, not ['']",
    }
