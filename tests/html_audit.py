"""What every page must be: valid, labelled, linked, and free of what the content security policy forbids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

import html5lib

REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "data-aria-controls", "headers", "list")
UNLABELLED_TYPES = frozenset({"hidden", "submit", "button", "image", "reset"})
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Page:
    """A parsed page and the few looks at it that the rules share."""

    def __init__(self, html: str) -> None:
        parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
        self.root: Element = parser.parse(html)
        self.errors = [f"line {place[0]}: {code} {data or ''}".strip() for place, code, data in parser.errors]
        self.elements = [element for element in self.root.iter() if isinstance(element.tag, str)]
        self.parent = {child: element for element in self.elements for child in element}
        self.ids = Counter(element.get("id") for element in self.elements if element.get("id"))

    def all(self, *tags: str) -> Iterator[Element]:
        return (element for element in self.elements if element.tag in tags)

    def classed(self, name: str) -> list[Element]:
        return [element for element in self.elements if name in (element.get("class") or "").split()]

    def above(self, element: Element) -> Iterator[Element]:
        while element in self.parent:
            element = self.parent[element]
            yield element


def words(element: Element) -> str:
    """The text of an element as assistive technology would name it: with the names of pictures in it."""
    names = [element.get("aria-label") or ""]
    for inner in element.iter():
        names.append(inner.get("alt") or inner.get("aria-label") or "")
    return " ".join("".join(element.itertext()).split() + names).strip()


def show(element: Element) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in list(element.attrib.items())[:4])
    return f"<{element.tag}{attributes}>"


def parses(page: Page) -> Iterator[str]:
    yield from (f"does not parse: {error}" for error in page.errors)


def says_what_it_is(page: Page) -> Iterator[str]:
    title = next((words(element) for element in page.all("title")), "")
    if not title.split("–")[0].strip():
        yield f"the title is empty: {title!r}"
    if not next(page.all("html")).get("lang"):
        yield "html has no lang"
    main = [words(element) for element in page.all("h1")]
    if len(main) != 1 or not main[0]:
        yield f"there must be one h1 with words, not {main}"


def headings_do_not_jump(page: Page) -> Iterator[str]:
    level = 0
    for element in page.all(*HEADINGS):
        below = HEADINGS.index(element.tag) + 1
        if below > level + 1 and level:
            yield f"heading jumps from h{level} to {show(element)} {words(element)!r}"
        level = below


def ids_are_unique(page: Page) -> Iterator[str]:
    yield from (f"id {id!r} is there {count} times" for id, count in page.ids.items() if count > 1)


def references_lead_somewhere(page: Page) -> Iterator[str]:
    for element in page.elements:
        for attribute in REFERENCES:
            for id in (element.get(attribute) or "").split():
                if id not in page.ids:
                    yield f"{show(element)} refers by {attribute} to {id!r}, which is not there"
        target = element.get("href") or ""
        if target.startswith("#") and target[1:] not in page.ids:
            yield f"{show(element)} leads to {target!r}, which is not there"


def controls_are_labelled(page: Page) -> Iterator[str]:
    labels = {element.get("for") for element in page.all("label") if words(element)}
    for element in page.all("input", "select", "textarea"):
        if element.get("type") in UNLABELLED_TYPES:
            continue
        wrapped = any(outer.tag == "label" and words(outer) for outer in page.above(element))
        named = element.get("aria-label") or element.get("aria-labelledby") or element.get("id") in labels
        if not wrapped and not named:
            yield f"{show(element)} has no label"
    for element in page.all("fieldset"):
        if not any(inner.tag == "legend" and words(inner) for inner in element):
            yield f"{show(element)} has no legend"


def errors_are_linked(page: Page) -> Iterator[str]:
    """Each field in error is reached from the summary at the top, and the title says that there is an error."""
    wrong = page.classed("govuk-form-group--error")
    linked = {(link.get("href") or "")[1:] for box in page.classed("govuk-error-summary") for link in box.iter("a")}
    for group in wrong:
        if not any(inner.get("id") in linked for inner in group.iter()):
            yield f"the error {words(group)[:80]!r} is not linked from an error summary"
    title = next((words(element) for element in page.all("title")), "")
    begins = {"cy": "Gwall: "}.get(next(page.all("html")).get("lang") or "", "Error: ")
    if wrong and not title.startswith(begins):
        yield f"the title does not begin with {begins!r}: {title!r}"


def obeys_the_policy(page: Page) -> Iterator[str]:
    for element in page.elements:
        handlers = [name for name in element.attrib if name.startswith("on")]
        scripted = (element.get("href") or element.get("action") or "").strip().lower().startswith("javascript:")
        if "style" in element.attrib or handlers or scripted or element.tag == "style":
            yield f"{show(element)} has inline style or script"
        if element.tag == "script" and not element.get("src") and element.get("type") != "application/ld+json":
            yield "there is an inline script"


def forms_are_protected(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        if (form.get("method") or "get").lower() != "post":
            continue
        if not any(field.get("name") == "csrf_token" and field.get("value") for field in form.iter("input")):
            yield f"{show(form)} has no csrf_token"


def things_have_names(page: Page) -> Iterator[str]:
    for element in page.all("a", "button", "summary", "th", "caption", "legend", "label", "option"):
        empty_choice = element.tag == "option" and not element.get("value")
        if not words(element) and not empty_choice:
            yield f"{show(element)} has no words"
    for element in page.all("img"):
        if element.get("alt") is None:
            yield f"{show(element)} has no alt"
    for element in page.all("iframe", "object"):
        if not element.get("title"):
            yield f"{show(element)} has no title"
    for element in page.elements:
        if element.tag.endswith("}svg") or element.tag == "svg":
            named = element.get("role") in ("img", "group") and (
                element.get("aria-label") or element.get("aria-labelledby")
            )
            if not named and element.get("aria-hidden") != "true":
                yield f"{show(element)} has neither a name nor aria-hidden"


def tables_have_headings(page: Page) -> Iterator[str]:
    for table in page.all("table"):
        if not any(True for _ in table.iter("th")):
            yield f"{show(table)} has no header cells"
        yield from (f"{show(head)} has no scope" for head in table.iter("th") if not head.get("scope"))


def says_no_nonsense(page: Page) -> Iterator[str]:
    """A missing value, or a template that did not run, must not reach the reader."""
    for element in page.elements:
        for text in [element.text or "", *(inner.tail or "" for inner in element)]:
            if text.strip() in {"None", "nan", "Undefined"} or "{{" in text or "{%" in text:
                yield f"{show(element)} says {text.strip()[:60]!r}"


RULES: tuple[Callable[[Page], Iterator[str]], ...] = (
    parses,
    says_what_it_is,
    headings_do_not_jump,
    ids_are_unique,
    references_lead_somewhere,
    controls_are_labelled,
    errors_are_linked,
    obeys_the_policy,
    forms_are_protected,
    things_have_names,
    tables_have_headings,
    says_no_nonsense,
)


def audit(html: str) -> list[str]:
    """What is wrong with a page, one sentence each; nothing when all is well."""
    page = Page(html)
    return [problem for rule in RULES for problem in rule(page)]
