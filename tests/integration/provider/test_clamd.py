"""Files are handed to a real clamd, with one signature of its own: it finds, lets through, and fails closed."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from app.backends.viruses import Clamd, Infected, NoScanner, NotScanned, scanner_at

# The file that every scanner knows and that harms nobody, in two pieces, so that no scanner takes this one for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MEGABYTE = 1024 * 1024
CONFIGURATION = """\
LocalSocket {folder}/clamd.sock
TCPSocket {port}
TCPAddr 127.0.0.1
DatabaseDirectory {folder}/signatures
PidFile {folder}/clamd.pid
Foreground yes
StreamMaxLength 8M
OfficialDatabaseOnly no
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """(path of its socket, port) of a clamd of our own. bin/clamd installs it; without it these tests fail."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    assert program, "clamd is not installed: run bin/clamd once."
    folder, port = tmp_path_factory.mktemp("clamd"), _free_port()
    folder.chmod(0o755)
    (folder / "signatures").mkdir()
    (folder / "signatures" / "test.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
    (folder / "clamd.conf").write_text(CONFIGURATION.format(folder=folder, port=port))
    with subprocess.Popen([program, "--config-file", str(folder / "clamd.conf")], stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(folder / "clamd.sock", server)
            yield str(folder / "clamd.sock"), port
        finally:
            server.terminate()


def _wait_for(path: Path, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, f"clamd ended with {server.returncode} before it answered"
        try:
            return Clamd(str(path), 2).check()
        except NotScanned:
            time.sleep(0.05)
    raise AssertionError("clamd did not answer within 30 seconds")


@pytest.mark.parametrize("by", ["socket", "network"])
def test_a_virus_is_found_and_a_clean_file_let_through_and_left_at_its_beginning(daemon, by):
    path, port = daemon
    scanner = scanner_at("", 3310, path) if by == "socket" else scanner_at("127.0.0.1", port, "")
    with pytest.raises(Infected, match=r"“report\.txt” holds a virus \(Eicar-Test-Signature"):
        scanner.scan(BytesIO(b"Before it. " + EICAR + b" After it."), "report.txt")
    clean = BytesIO(b"Minutes of the trustees. " * 40_000)  # more than one piece
    scanner.scan(clean, "minutes.txt")
    assert clean.tell() == 0
    scanner.check()


def test_a_file_that_the_daemon_will_not_read_to_its_end_is_not_taken(daemon):
    with pytest.raises(NotScanned):
        Clamd(daemon[0]).scan(BytesIO(bytes(9 * MEGABYTE)), "large.txt")


def test_a_daemon_that_is_not_there_or_hangs_is_no_permission(tmp_path):
    with pytest.raises(NotScanned, match="could not be checked for viruses just now"):
        Clamd(str(tmp_path / "nobody.sock")).scan(BytesIO(b"Text"), "a.txt")
    with pytest.raises(NotScanned):
        Clamd(("127.0.0.1", _free_port())).check()
    # One that takes the connection and says nothing.
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NotScanned):
        Clamd(("127.0.0.1", silent.getsockname()[1]), seconds=0.2).scan(BytesIO(b"Text"), "a.txt")


def test_without_a_setting_nobody_is_asked():
    assert isinstance(scanner_at("", 3310, ""), NoScanner)


def test_an_installation_with_a_daemon_refuses_what_it_finds_and_is_ready(
    app, browser, client, daemon, provider, storage
):
    app.config["CLAMD"], before = ("", 3310, daemon[0]), app.config["CLAMD"]
    try:
        assert client.get("/readyz").json["viruses"] == "in order"
        form = {"kind": "document", "title": "A title to keep", "file": (BytesIO(EICAR), "report.txt")}
        page = browser.post(f"/organisations/{provider.id}/evidence/new", data=form)
        assert page.status_code == 422 and "“report.txt” holds a virus (Eicar-Test-Signature" in page.text
        assert "A title to keep" in page.text and storage.files == {}
        clean = {"kind": "document", "file": (BytesIO(b"Minutes."), "minutes.txt")}
        assert browser.post(f"/organisations/{provider.id}/evidence/new", data=clean).status_code == 302
    finally:
        app.config["CLAMD"] = before
