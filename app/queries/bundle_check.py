"""Check the bundle of a case that this file lies in: python3 check.py [FOLDER]

It needs Python 3.8 or newer and nothing else, and asks nothing of the service. It tells whether every file is the one that
the manifest names, whether every entry of the trail is the one that was written, and the seals that these entries lead
to, which are to be compared with published ones. Exits with 1 where something does not hold.
"""

import hashlib
import json
import sys
from pathlib import Path


def canonical(data):
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def wrong_files(folder, manifest):
    for name, expected in sorted(manifest["files"].items()):
        path = folder / name
        if not path.is_file():
            yield name + " is missing"
        elif sha256(path.read_bytes()) != expected:
            yield name + " is not the file that the manifest names"
    expected = set(manifest["files"]) | {"manifest.json", "SHA256SUMS"}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() not in expected:
            yield path.relative_to(folder).as_posix() + " is not in the manifest"


def row_hash(entry):
    return sha256(canonical({"content": entry["content_sha256"], "facts": entry["facts"]}))


def wrong_entries(trail, proofs):
    proven = {int(row): proof["row_hashes"][place] for proof in proofs for row, place in proof["rows_of_case"].items()}
    for entry in trail:
        if entry["content"] is not None and sha256(canonical(entry["content"])) != entry["content_sha256"]:
            yield f"entry {entry['id']}: its words are not those that were written"
        if proven.pop(entry["id"], None) != row_hash(entry):
            yield f"entry {entry['id']}: it is not the one that the proof covers"
    for row in sorted(proven):
        yield f"entry {row} is missing"


def wrong_chains(proofs):
    for proof in proofs:
        last = proof["before"]
        for each in proof["row_hashes"]:
            last = sha256((last + "\n" + each).encode("ascii"))
        if last != proof["hash"]:
            yield f"the chain up to row {proof['row']} does not lead to its seal"


def say(words):
    sys.stdout.write(words + "\n")


def main(folder):
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    trail = [json.loads(line) for line in (folder / "trail.jsonl").read_text("utf-8").splitlines() if line.strip()]
    proofs = json.loads((folder / "proofs.json").read_text("utf-8"))
    wrong = [*wrong_files(folder, manifest), *wrong_entries(trail, proofs), *wrong_chains(proofs)]
    for each in wrong:
        say(each)
    say(f"{len(manifest['files'])} files, {len(trail)} entries of the trail.")
    for proof in proofs:
        say(f"Seal {proof['sealed on'] or '(not yet published)'}  {proof['row']}:{proof['hash']}")
    say("Something does not hold." if wrong else "Everything holds. Compare the seals with those that you kept.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent)))
