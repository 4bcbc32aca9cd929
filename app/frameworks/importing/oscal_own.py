"""What our own export told OSCAL catalogs in its namespace, read back: levels, scales, names of the tree, terms of criteria."""

from typing import Any

from app.domain.scales import NotApplicableRule
from app.frameworks import fields as f
from app.frameworks.fields import CODE
from app.frameworks.importing.document import LevelWords
from app.frameworks.importing.drafting import said
from app.frameworks.importing.oscal_params import dicts
from app.frameworks.importing.oscal_parts import readable
from app.frameworks.importing.words import clean
from app.frameworks.oscal_prose import NAMESPACE, own_prop, own_props
from app.frameworks.writing import Inline

PARSERS = {"weight": f.exact, "not_applicable": f.one_of(NotApplicableRule), "expected": f.plain}
Props = list[tuple[str, str, str]]


def own_names(metadata: dict[str, Any]) -> tuple[str, ...]:
    """The names of the tree from the top down; empty where the catalog is not from us."""
    names = tuple(name.strip() for name in own_prop(metadata, "tree").split("->"))
    return names if len(names) > 1 and all(CODE.fullmatch(name) for name in names) else ()


def own_levels(metadata: dict[str, Any], language: str) -> LevelWords:
    """(code, title) of each level, the lowest first."""
    found = {
        value: remarks or value for name, value, remarks in _own(metadata) if name == "level" and CODE.fullmatch(value)
    }
    return [(code, {language: title}) for code, title in found.items()]


def own_scales(metadata: dict[str, Any], language: str) -> dict[str, Any]:
    """The scales as they are written in our files."""
    props = _own(metadata)
    scales: dict[str, Any] = {}
    for name, value, remarks in props:
        if name == "scale" and CODE.fullmatch(value):
            told = _told(value, props, language)
            if told:
                scales[value] = {"title": said({language: remarks}) if remarks else None, **told}
    return scales


def _told(scale: str, props: Props, language: str) -> dict[str, Any]:
    """The keys of one scale, from the properties whose value begins with its code."""
    mine = [(name, value.split(" ")[1:], remarks) for name, value, remarks in props if value.split(" ")[0] == scale]
    told: dict[str, Any] = {}
    for name, words, remarks in mine:
        if not words:
            continue
        if name in ("points", "words"):
            label = said({language: remarks or words[0]})
            told.setdefault(name, {})[words[0]] = label
        elif name == "anchors" and words[0] in told.get("points", {}):
            told["points"][words[0]] = {"label": told["points"][words[0]], "anchor": said({language: remarks})}
        elif name == "range" and len(words) > 2:
            told[name] = Inline({"from": words[0], "to": words[1], "step": words[2], "unit": " ".join(words[3:])})
        elif name in ("better", "not_applicable", "not_rated", "met_from"):
            told[name] = words[0]
    return told if any(key in told for key in ("points", "words", "range")) else {}


def own_more(control: dict[str, Any], levels: LevelWords) -> dict[str, Any]:
    """Keys of a criterion: weight, level, what is required, who may leave it out."""
    known = [code for code, _ in levels]
    more: dict[str, Any] = {key: readable(parse, own_prop(control, key)) for key, parse in PARSERS.items()}
    level = own_prop(control, "level")
    required = [value.rpartition(" ") for value in own_props(control, "required")]
    more["level"] = level if level in known else None
    more["required"] = Inline({code: point for code, _, point in required if code in known})
    return more


def _own(metadata: dict[str, Any]) -> Props:
    mine = [prop for prop in dicts(metadata, "props") if prop.get("ns") == NAMESPACE]
    return [(str(prop.get("name")), str(prop.get("value")), clean(str(prop.get("remarks") or ""))) for prop in mine]
