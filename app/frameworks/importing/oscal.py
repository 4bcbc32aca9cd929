"""OSCAL catalogs: groups and controls become the tree, statements what is asked, references what there is to read."""

from dataclasses import replace
from typing import Any

from marshmallow import ValidationError

from app.domain.errors import Invalid
from app.domain.wording import counted
from app.frameworks import fields as f
from app.frameworks.importing.document import Foreign, compliance_scale, edition_code, framework_code
from app.frameworks.importing.drafting import Item, wishes_for
from app.frameworks.importing.oscal_own import own_levels, own_more, own_names, own_scales
from app.frameworks.importing.oscal_params import Params, dicts
from app.frameworks.importing.oscal_parts import Parts
from app.frameworks.importing.report import Notes
from app.frameworks.importing.words import Words, clean, language_code, one_line
from app.frameworks.oscal_prose import label_of, own_prop
from app.frameworks.writing import Inline

FORMAT = "OSCAL catalog"
NAMES = tuple("group subgroup topic subtopic heading subheading point subpoint item subitem".split())
LEAF = "control"
SCALE = "compliance"
KNOWN = ("title", "version", "remarks", "oscal-version", "last-modified", "language")
MOST_LEARNING = 60
OTHER_DOCUMENTS = {
    "component-definition": "component definition",
    "system-security-plan": "system security plan",
    "assessment-plan": "assessment plan",
    "assessment-results": "list of assessment results",
    "plan-of-action-and-milestones": "plan of action and milestones",
    "mapping-collection": "collection of mappings",
}


def read_catalog(catalog: dict[str, Any]) -> Foreign:
    """The framework of a catalog. Raises Invalid where it asks nothing."""
    return _Reader(catalog).foreign()


class _Reader:
    """Reads a catalog once, in the order of the file."""

    def __init__(self, catalog: dict[str, Any]) -> None:
        self.catalog, self.notes = catalog, Notes()
        self.metadata = catalog["metadata"] if isinstance(catalog.get("metadata"), dict) else {}
        self.language = language_code(own_prop(self.metadata, "language") or self.metadata.get("language"))
        self.params = Params(catalog, self.notes)
        self.resources = _resources(catalog)
        self.scales = own_scales(self.metadata, self.language)
        self.levels = own_levels(self.metadata, self.language)
        self.nodes = self.controls = self.references = 0

    def foreign(self) -> Foreign:
        items = self._inside(self.catalog, "")
        if not self.controls:
            raise Invalid({"file": "This OSCAL catalog holds no controls, so there is nothing to ask."})
        names = own_names(self.metadata)
        self._note_what_came()
        return Foreign(
            format=FORMAT,
            origin=self._origin(),
            code=framework_code(own_prop(self.metadata, "framework"), self._meta("title")),
            edition=edition_code(self._meta("version")),
            title=self._words(self._meta("title") or "Imported"),
            language=self.language,
            items=items,
            names=names[:-1] or NAMES,
            leaf=names[-1] if names else LEAF,
            notes=self.notes,
            nodes=self.nodes + self.controls,
            assessable=self.controls,
            depth=max(len(names) - 1, 1),
            summary=[self._words(self._meta("remarks"))],
            scales=self.scales or self._scales(),
            levels=self.levels,
        )

    def _scales(self) -> dict[str, Any]:
        self.notes.choose("scales", "OSCAL has no scores, so each control is met, met in part, or not met.")
        return {SCALE: compliance_scale(self.language)}

    def _origin(self) -> str:
        version = self._meta("version")
        uuid = clean(str(self.catalog.get("uuid") or ""))
        return f"Brought over from the OSCAL catalog {uuid}" + (f", version {version}" if version else "")

    def _meta(self, key: str) -> str:
        value = self.metadata.get(key)
        return clean(value) if isinstance(value, str) else ""

    def _words(self, text: str) -> Words:
        return {self.language: text} if text else {}

    def _inside(self, holder: dict[str, Any], place: str) -> list[Item]:
        """The groups and controls of a catalog, group or control, in the order of the file."""
        items: list[Item] = []
        for key in [key for key in holder if key in ("groups", "controls")]:
            make = self._group if key == "groups" else self._control
            for inner in dicts(holder, key):
                here = f"{place}.{len(items) + 1}".strip(".")
                if own_prop(inner, "holds") == "criteria":
                    items += [replace(item, direct=not item.children) for item in self._inside(inner, here)]
                elif (item := make(inner, here)) is not None:
                    items.append(item)
        return items

    def _group(self, group: dict[str, Any], place: str) -> Item:
        self.nodes += 1
        parts = Parts(group, self.params, self.notes)
        texts = [parts.text, parts.others, parts.guidance, *parts.prompts]
        item = self._item(group, place, "\n\n".join(text for text in texts if text))
        if weight := own_prop(group, "weight"):
            self.notes.leave("Weights of groups, which need stages in the outcome", f"{item.wishes[0]}: {weight}")
        return item

    def _control(self, control: dict[str, Any], place: str) -> Item | None:
        status = next((prop.get("value") for prop in dicts(control, "props") if prop.get("name") == "status"), "")
        if isinstance(status, str) and status.lower() == "withdrawn":
            self.notes.leave("Withdrawn controls", str(control.get("id") or control.get("title") or ""))
            return None
        self.controls += 1
        parts = Parts(control, self.params, self.notes)
        item = self._item(control, place, parts.text)
        item.asked = True
        item.why = self._words(parts.why)
        item.guidance = self._words("\n\n".join(text for text in (parts.guidance, parts.others) if text))
        item.prompts = [self._words(prompt) for prompt in parts.prompts]
        if own_prop(control, "untitled") and item.text:
            item.title = {}
        learn, maps_to = self._links(control)
        scale = own_prop(control, "scale")
        item.more = {
            "scale": scale if scale in self.scales else next(iter(self.scales), SCALE),
            **own_more(control, self.levels),
            "evidence": parts.evidence,
            "learn": learn,
            "maps_to": maps_to,
        }
        self._note_props(control)
        return item

    def _item(self, thing: dict[str, Any], place: str, text: str) -> Item:
        if thing.get("class") and not own_prop(self.metadata, "framework"):
            self.notes.leave("Classes of groups and controls", str(thing["class"]))
        own_id, label = clean(str(thing.get("id") or "")), label_of(thing)
        title = clean(str(thing.get("title") or ""))
        # An id must begin with a letter, so that of "1.2" is written "_1.2" and its label tells the code.
        names = [label, own_id] if own_id == f"_{label}" else [own_id, title if len(title) <= 40 and not own_id else ""]
        wishes = wishes_for(*names, place=place)
        if own_id and wishes[0] not in (own_id, label):
            self.notes.move("Ids that no code can be, written otherwise", f"{own_id} is {wishes[0]}")
        return Item(
            id=own_id or f"#{place}",
            wishes=wishes,
            title=self._words(title),
            text=self._words(text),
            asked=False,
            children=self._inside(thing, place),
        )

    def _links(self, control: dict[str, Any]) -> tuple[list[Any], list[Any]]:
        """What there is to read, and what the control maps to."""
        learn: dict[str, Any] = {}
        maps_to = []
        for link in dicts(control, "links"):
            href, rel = str(link.get("href") or ""), str(link.get("rel") or "")
            if rel.startswith("maps-to") and href.startswith("#"):
                maps_to.append(Inline(to=href[1:], extent="full") if rel == "maps-to-full" else href[1:])
                continue
            title, url = self.resources.get(href.removeprefix("#"), (clean(str(link.get("text") or "")), href))
            if not _is_url(url):
                self.notes.leave(f"Links of controls: {rel or 'other'}", f"{control.get('id')} to {href}")
            elif len(learn) < MOST_LEARNING:
                learn.setdefault(url, Inline(title=said_title(title or url, self.language), url=url))
        self.references += len(learn)
        return list(learn.values()), maps_to

    def _note_props(self, control: dict[str, Any]) -> None:
        code = str(control.get("id") or "")
        for prop in dicts(control, "props"):
            name, value = str(prop.get("name")), str(prop.get("value"))
            if "ns" in prop and own_prop(control, name) == value:
                continue
            if name == "label" and value == code:
                continue
            self.notes.leave(f"Properties of controls: {name}", f"{code}: {value}")

    def _note_what_came(self) -> None:
        if self.params.inserted:
            self.notes.came.append(f"{counted(self.params.inserted, 'inserted parameter')}, written out in the text")
        if self.references:
            self.notes.came.append(
                f"{counted(self.references, 'reference')} with a web address, as what there is to read"
            )
        resources = len(dicts(self.catalog.get("back-matter"), "resources"))
        self.notes.leave(
            "Resources of the back matter, beside the web addresses that controls refer to", count=resources
        )
        for key, value in self.metadata.items():
            if value and key not in KNOWN and not (key == "props" and own_prop(self.metadata, "framework")):
                self.notes.leave("Other metadata", key, len(value) if isinstance(value, list) else 1)


def said_title(title: str, language: str) -> Any:
    text = one_line(title)
    return text if language == "en" else Inline({language: text})


def _resources(catalog: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """uuid -> title and web address of every resource of the back matter that has one."""
    found: dict[str, tuple[str, str]] = {}
    for resource in dicts(catalog.get("back-matter"), "resources"):
        url = next((str(link["href"]) for link in dicts(resource, "rlinks") if _is_url(str(link.get("href")))), "")
        citation = resource.get("citation")
        text = citation.get("text") if isinstance(citation, dict) else ""
        title = clean(str(resource.get("title") or text or url))
        if url and isinstance(resource.get("uuid"), str):
            found[resource["uuid"]] = (title, url)
    return found


def _is_url(text: str) -> bool:
    try:
        return bool(f.url(text))
    except ValidationError:
        return False
