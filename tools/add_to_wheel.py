"""Adds a folder to a wheel's data, whose files are installed below the environment's folder.

    python3 tools/add_to_wheel.py WHEEL FOLDER NAME     NAME/… in the environment, such as share/man
"""

import base64
import hashlib
import sys
import zipfile
from pathlib import Path


def main() -> None:
    wheel, folder, name = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    distribution = "-".join(wheel.name.split("-")[:2])
    record = f"{distribution}.dist-info/RECORD"
    with zipfile.ZipFile(wheel) as archive:
        held = [(info, archive.read(info)) for info in archive.infolist()]
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    added = [(f"{distribution}.data/data/{name}/{path.relative_to(folder).as_posix()}", path.read_bytes()) for path in files]
    lines = dict(held_record(held, record))
    lines.update({path: f"{path},sha256={digest(content)},{len(content)}" for path, content in added})
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, content in held:
            # The record is the last file, as the format asks.
            if info.filename != record and info.filename not in {path for path, _ in added}:
                archive.writestr(info, content)
        for path, content in added:
            archive.writestr(stamped(path), content)
        archive.writestr(stamped(record), "".join(f"{line}\n" for line in lines.values()))


def held_record(held: list, record: str) -> list:
    text = next(content for info, content in held if info.filename == record).decode()
    return [(line.rpartition(",")[0].rpartition(",")[0], line) for line in text.splitlines()]


def digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def stamped(path: str) -> zipfile.ZipInfo:
    """The same wheel whenever it is made."""
    info = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
    info.external_attr = 0o644 << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


if __name__ == "__main__":
    main()
