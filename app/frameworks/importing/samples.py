"""Published frameworks of other formats, each with what must come over from it."""

from collections.abc import Iterator
from pathlib import Path

from app.domain.errors import Invalid
from app.frameworks.importing.files import import_framework
from app.frameworks.importing.proof import proof

# nodes and assessable ones of each file
SAMPLES = {
    "cyber_essentials.yaml": (285, 100),
    "basic-catalog.json": (8, 4),
    "NIST_SP-800-53_rev5_PRIVACY-baseline-resolved-profile_catalog.json": (118, 102),
}


def prove_samples(folder: Path) -> Iterator[tuple[bool, str]]:
    """Bring over every sample in `folder`; for each, whether all of it is right, and that in words."""
    for name, (nodes, assessable) in SAMPLES.items():
        try:
            yield _proved(folder / name, nodes, assessable)
        except OSError:
            yield False, f"{name}: there is none in {folder}"
        except Invalid as refusal:
            yield False, f"{name}: {refusal}"


def _proved(file: Path, nodes: int, assessable: int) -> tuple[bool, str]:
    data = file.read_bytes()
    found = proof(data, import_framework(data, file.name))
    counts = f"{found.assessable} assessable of {found.nodes} nodes"
    faults = list(found.faults)
    if (found.nodes, found.assessable) != (nodes, assessable):
        faults.append(f"{counts} where there must be {assessable} of {nodes}")
    if faults:
        return False, "\n".join(f"{file.name}: {fault}" for fault in faults)
    words = f"{counts}, every parent right, {found.signs:,} characters whole, written without a mistake"
    return True, f"{file.name}: {words}"
