"""Small frameworks for tests of the rules, built from the domain's own parts."""

from dataclasses import replace
from fractions import Fraction

from app.domain.framework import (
    Band,
    Criterion,
    EvidenceAsk,
    EvidenceKind,
    Fact,
    FactKind,
    Framework,
    Level,
    Method,
    Node,
    NotApplicableRule,
    OutcomeRules,
    Point,
    Scale,
    Stage,
    Way,
)
from app.domain.scoring import Scored
from app.domain.wording import Text

STEPS = Scale(
    "steps",
    tuple(Point(value, Text.plain(f"Step {value}")) for value in range(4)),
    NotApplicableRule.WITH_REASON,
)
FACTS = {
    "staff": Fact("staff", FactKind.COUNT, Text.plain("Paid staff")),
    "income": Fact("income", FactKind.MONEY, Text.plain("Income")),
    "regulated": Fact("regulated", FactKind.YES_NO, Text.plain("Registered with the regulator")),
    "services": Fact("services", FactKind.CODES, Text.plain("Services"), list="service-types"),
    "nation": Fact(
        "nation",
        FactKind.CHOICE,
        Text.plain("Nation"),
        (("wales", Text.plain("Wales")), ("england", Text.plain("England"))),
    ),
}
LEVELS = (("bronze", "60"), ("silver", "75"), ("gold", "90"))
FLAT = (Stage("whole", Way(Method.SHARE_OF_MAXIMUM)),)
STAGED = (Stage("standard", Way(Method.MEAN)), Stage("whole", Way(Method.MEAN)))


def criterion(code: str, **changes: object) -> Criterion:
    plain = Criterion(code=code, text=Text.plain(f"About {code}."), scale=STEPS, level="bronze")
    return replace(plain, **changes)  # type: ignore[arg-type]


def node(code: str, *criteria: Criterion, weight: int = 1) -> Node:
    return Node(code, Text.plain(f"Standard {code}"), "standard", (), criteria, weight=Fraction(weight))


def framework(*roots: Node, stages: tuple[Stage, ...] = FLAT, limits=(), rounding=None, levels=LEVELS) -> Framework:
    edges = [(code, Fraction(edge) / 100) for code, edge in levels]
    not_yet = Band(Fraction(0), "not-yet", Text.plain("Not yet"), None)
    bands = (not_yet, *(Band(edge, code, Text.plain(code.title()), code) for code, edge in edges))
    return Framework(
        code="test",
        edition="1",
        title=Text.plain("Test mark"),
        tree_names=("standard", "criterion"),
        scales={"steps": STEPS},
        facts=FACTS,
        roots=roots,
        levels=tuple(Level(code, Text.plain(code.title()), rank, edge) for rank, (code, edge) in enumerate(edges)),
        outcome=OutcomeRules(stages, bands, rounding, tuple(limits), none=not_yet.title),
    )


def scored(**points: int) -> dict[str, Scored]:
    return {code: Scored(point) for code, point in points.items()}


def ask(code: str, kind: EvidenceKind = EvidenceKind.DOCUMENT) -> EvidenceAsk:
    return EvidenceAsk(kind, code, Text.plain(code.title()))
