import pytest


@pytest.fixture
def audio_file(tmp_path):
    """Writes bytes to a file whose name says nothing true, and returns its path."""

    def write(data, name="a.txt"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write
