"""Files that are made once and kept in a folder of a bounded size."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

from app.backends.made import MadeFiles, makers


def test_a_file_is_made_once_however_many_ask_for_it_at_a_time(tmp_path):
    made, files = [], MadeFiles(tmp_path / "made")

    def make() -> bytes:
        made.append(1)
        return b"a handbook"

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: files.get("one", make), range(40)))
    assert found == [b"a handbook"] * 40 and made == [1]
    assert MadeFiles(tmp_path / "made").get("two", lambda: b"another") == b"another"


def test_the_oldest_files_go_when_all_of_them_take_more_than_their_room(tmp_path):
    files = MadeFiles(tmp_path, most=25)
    for age, name in enumerate(("first", "second", "third")):
        files.get(name, lambda: b"0123456789")
        for path in tmp_path.iterdir():
            os.utime(path, ns=(0, path.stat().st_mtime_ns - 10_000_000_000 * (3 - age)))
    assert len(list(tmp_path.iterdir())) == 2
    assert files.get("first", lambda: b"made again") == b"made again"
    assert files.get("third", lambda: b"never") == b"0123456789"
    assert files.get("huge", lambda: b"x" * 26) == b"x" * 26
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 25


def test_where_nothing_can_be_kept_the_file_is_made_all_the_same(tmp_path):
    (tmp_path / "made").write_text("not a folder")
    assert MadeFiles(tmp_path / "made").get("one", lambda: b"a handbook") == b"a handbook"


def test_another_version_of_the_code_is_told_from_this_one(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, words in ((old, "one = 1"), (new, "one = 2")):
        folder.mkdir()
        (folder / "module.py").write_text(words)
    assert makers(old) != makers(new) and makers(old) == makers(old)
