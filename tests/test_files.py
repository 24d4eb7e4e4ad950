"""Files are written whole or not at all."""

import os
import stat

import pytest

import supplyroutes as sr
from supplyroutes.files import write_whole


def test_text_and_bytes_are_written_as_given(tmp_path):
    """Text is UTF-8 and its line ends stay; bytes are bytes."""
    write_whole(tmp_path / "text", "é\r\n\n")
    write_whole(tmp_path / "bytes", b"\xff\x00")
    assert (tmp_path / "text").read_bytes() == b"\xc3\xa9\r\n\n"
    assert (tmp_path / "bytes").read_bytes() == b"\xff\x00"


def test_nothing_but_the_file_is_left(tmp_path):
    """The temporary file is gone after the write."""
    write_whole(tmp_path / "file", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_old_file_is_replaced_and_keeps_its_permissions(tmp_path):
    """Who could read the file can read the new one."""
    target = tmp_path / "file"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    write_whole(target, "new")
    assert target.read_text(encoding="utf-8") == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_new_file_has_the_permissions_of_the_mask(tmp_path):
    """A temporary file is private; the file is not."""
    mask = os.umask(0o027)
    try:
        write_whole(tmp_path / "file", "new")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640


@pytest.mark.parametrize("name", ["missing/file", "taken/file", "folder", "x" * 300, "a\0b"])
def test_what_cannot_be_written_is_an_output_error(tmp_path, name):
    """No folder, a file in its place, a folder in the file's place, impossible names."""
    (tmp_path / "taken").write_text("", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    with pytest.raises(sr.OutputError, match="cannot be written"):
        write_whole(tmp_path / name, "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "taken"]


def test_a_device_or_pipe_is_not_replaced(tmp_path):
    """Writing to /dev/null as root must not put a plain file in its place."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(sr.OutputError, match="not a file"):
        write_whole(pipe, "new")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_text_that_utf8_cannot_hold_is_an_output_error(tmp_path):
    """Half a surrogate pair cannot be written; the old file stays."""
    target = tmp_path / "file"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(sr.OutputError):
        write_whole(target, "\ud800")
    assert target.read_text(encoding="utf-8") == "old"


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    """Ctrl-C in the middle passes on, and takes the temporary file away."""
    target = tmp_path / "file"
    target.write_text("old", encoding="utf-8")

    def interrupted(_handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(target, "new")
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
