"""What a function's zip holds, unpacked once for all of its workers, and compiled once."""

from __future__ import annotations

import hashlib
import tempfile
import threading
import zipfile
from pathlib import Path
from typing import Any

_CODE = "code"
"""As the emulator calls a worker's folder of the function's code; layers' have other names."""


class SharedCode:
    """One folder below `folder` for each content of a zip."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, threading.Lock()

    def archive(self, file: str) -> zipfile.ZipFile:
        """The archive; unpacked as a function's code, it leaves a link to what is shared."""
        return _Archive(self, file)

    def unpacked(self, archive: zipfile.ZipFile, content: bytes) -> Path:
        """The folder with what is in it."""
        place = self._folder / hashlib.sha256(content).hexdigest()
        with self._lock:
            if not place.exists():
                made = Path(tempfile.mkdtemp(dir=self._folder))
                zipfile.ZipFile.extractall(archive, made)
                made.rename(place)
        return place


class _Archive(zipfile.ZipFile):
    def __init__(self, shared: SharedCode, file: str) -> None:
        super().__init__(file)
        self._shared, self._file = shared, Path(file)

    def extractall(self, path: Any = None, members: Any = None, pwd: Any = None) -> None:
        place = Path(path)
        if place.name != _CODE:
            super().extractall(path, members, pwd)
            return
        place.rmdir()
        place.symlink_to(self._shared.unpacked(self, self._file.read_bytes()))
