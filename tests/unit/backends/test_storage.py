"""Where files are kept: whole, once, and honest about a full disk."""

import errno
from hashlib import sha256
from io import BytesIO

import pytest

from app.backends.storage import DiskStorage, MemoryStorage, StorageFull
from app.domain.errors import NotFound

WORDS = b"Minutes of the board"


@pytest.fixture(params=["disk", "memory"])
def storage(request, tmp_path):
    return DiskStorage(tmp_path / "files") if request.param == "disk" else MemoryStorage()


def test_a_file_comes_back_as_it_went_in(storage):
    stored = storage.put(BytesIO(WORDS))
    assert (stored.size, stored.sha256) == (len(WORDS), sha256(WORDS).hexdigest())
    with storage.open(stored.key) as file:
        assert file.read() == WORDS
    assert storage.put(BytesIO(WORDS)) == stored


def test_a_file_can_be_removed_and_an_unknown_one_is_not_found(storage):
    key = storage.put(BytesIO(WORDS)).key
    storage.delete(key)
    storage.delete(key)
    assert not storage.exists(key)
    with pytest.raises(NotFound):
        storage.open(key)


def test_a_key_cannot_lead_out_of_the_folder(tmp_path):
    (tmp_path / "secret").write_text("secret")
    with pytest.raises(NotFound):
        DiskStorage(tmp_path / "files").open("../secret")


class FullDisk(BytesIO):
    """A stream whose reading fails as a full disk fails, once the first part is written."""

    def read(self, size=-1):
        part = super().read(size)
        if not part:
            raise OSError(errno.ENOSPC, "No space left on device")
        return part


def test_a_full_disk_is_said_in_words_and_leaves_nothing_behind(tmp_path):
    with pytest.raises(StorageFull, match="no room"):
        DiskStorage(tmp_path).put(FullDisk(WORDS))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
