"""A folder of results that is there as a whole or not at all."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gait.model import UsageError
from gait.recording.files import cannot_write, put_in_place


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """A folder for its owner only, which appears under its name when it is complete.

    Raises UsageError where `path` exists, GaitError where the disk refuses.
    """
    unfinished: Path | None = None
    try:
        if path.exists():
            raise UsageError(f"{path} exists already; choose another name.")
        unfinished = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        yield unfinished
        put_in_place(unfinished, path)
        unfinished = None
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if unfinished is not None:
            shutil.rmtree(unfinished, ignore_errors=True)
