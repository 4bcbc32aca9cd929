"""Build app/static/build from app/assets and node_modules: styles, scripts, typefaces, their hashes and packed twins.

Run by `make assets` after `npm ci`. Needs node in the PATH and the packages of requirements.txt.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "app" / "assets"
MODULES = ROOT / "node_modules"
TARGET = ROOT / "app" / "static" / "build"
WEB_FONTS = {
    "atkinson-hyperlegible": ("latin-400-normal", "latin-700-normal"),
    "source-serif-4": ("latin-400-normal", "latin-600-normal"),
}
# ReportLab embeds TrueType only.
PRINT_FONTS = (
    "atkinson-hyperlegible/400Regular/AtkinsonHyperlegible_400Regular.ttf",
    "atkinson-hyperlegible/700Bold/AtkinsonHyperlegible_700Bold.ttf",
    "source-serif-4/400Regular/SourceSerif4_400Regular.ttf",
    "source-serif-4/400Regular_Italic/SourceSerif4_400Regular_Italic.ttf",
    "source-serif-4/600SemiBold/SourceSerif4_600SemiBold.ttf",
)
PACKED = {".css", ".js", ".svg"}
SASS = ["--quiet-deps", "--no-source-map", "--style=compressed", "--pkg-importer=node"]
# Each is one file with all that it imports. Only the first is on every page.
BUNDLES = ("touchstone", "sandbox", "editor", "passkeys", "visit-sheet", "visit-worker")
ESBUILD = ["--bundle", "--minify", "--format=esm", "--target=es2020", "--log-level=warning", "--legal-comments=none"]


def run(tool: str, *arguments: str | Path) -> None:
    subprocess.run([MODULES / ".bin" / tool, *arguments], check=True, cwd=ROOT)


def copy_fonts() -> None:
    folder = TARGET / "fonts"
    folder.mkdir()
    for family, cuts in WEB_FONTS.items():
        for cut in cuts:
            shutil.copy(MODULES / "@fontsource" / family / "files" / f"{family}-{cut}.woff2", folder)
    for path in PRINT_FONTS:
        shutil.copy(MODULES / "@expo-google-fonts" / path, folder)


def version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def stamp_fonts(sheet: Path) -> None:
    """Give the typefaces named in the style sheet the addresses that `asset_url` gives them."""
    css = sheet.read_text()

    def stamped(match: re.Match[str]) -> str:
        return f"{match[0]}?v={version(TARGET / match[0])}"

    sheet.write_text(re.sub(r"fonts/[\w.-]+\.woff2", stamped, css))


def pack(path: Path) -> None:
    data = path.read_bytes()
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(data, 9, mtime=0))
    path.with_name(path.name + ".br").write_bytes(brotli.compress(data))


def build() -> None:
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    copy_fonts()
    for picture in (ASSETS / "images").iterdir():
        shutil.copy(picture, TARGET)
    sheet = TARGET / "touchstone.css"
    run("sass", *SASS, ASSETS / "scss" / "touchstone.scss", sheet)
    stamp_fonts(sheet)
    for name in BUNDLES:
        run("esbuild", *ESBUILD, ASSETS / "js" / f"{name}.js", f"--outfile={TARGET / name}.js")
    files = sorted(path for path in TARGET.rglob("*") if path.is_file())
    for path in files:
        if path.suffix in PACKED:
            pack(path)
    manifest = {path.relative_to(TARGET).as_posix(): version(path) for path in files}
    (TARGET / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True))


if __name__ == "__main__":
    build()
