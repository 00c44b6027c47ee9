"""One folder for all that a run leaves in the system's temporary folder.

What a run makes there itself is removed where it is made; what is made by the emulator, by jsii's
Node or by a worker that was killed is not. So all of it lies in a folder of the run, which goes
with it. A run that is killed cannot remove its own: the next one does, once the lock that the
owner held is free. The lock ends with its owner however that ends, and a process id that was given
again proves nothing to the contrary.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "cognito-standby-run-"
_FOLDER = "COGNITO_STANDBY_SCRATCH"
"""Environment variable: processes that a run starts use its folder."""
_OWNER = "owner.lock"


def enter() -> Path:
    """The folder of this run, from now on the temporary folder of this process and of those that it
    starts. What dead runs left is removed first; this one's goes when the process ends."""
    known = Path(os.environ.get(_FOLDER, ""))
    if _FOLDER in os.environ and known.is_dir():
        return known
    sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    _lock(folder)
    os.environ[_FOLDER] = os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    atexit.register(_leave, folder, os.getpid())
    return folder


def sweep(place: Path) -> None:
    """Remove the folders of runs whose owner is gone. Those of other people are left."""
    for folder in place.glob(f"{PREFIX}*"):
        if _is_abandoned(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _lock(folder: Path) -> None:
    """Hold it as long as this process lives. Under its name only once it is held: a sweep in
    between would take the run for dead."""
    new = folder / f"{_OWNER}.new"
    descriptor = os.open(new, os.O_CREAT | os.O_RDWR, 0o600)  # left open on purpose
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    new.rename(folder / _OWNER)


def _is_abandoned(folder: Path) -> bool:
    try:
        descriptor = os.open(folder / _OWNER, os.O_RDWR)
    except OSError:  # somebody else's, just being made, or gone
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _leave(folder: Path, owner: int) -> None:
    """Not in a child that was forked and ends like its parent."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
