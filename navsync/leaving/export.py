"""Makes the file a leaving district takes along, and gives it out piece by piece.

A worker writes it to disk, never to memory, and then into the database, where every
web server reaches it until it goes with the district.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from celery import shared_task
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from kombu.exceptions import OperationalError

from navsync.leaving.files import files_of
from schools.models import District
from staffimport.models import DistrictExport, ExportPart

logger = logging.getLogger(__name__)

PART_SIZE = 1024 * 1024
STUCK_AFTER = timedelta(hours=1)
_MESSAGE_EXPIRES = 3600.0


def ask_for_export(district: District, now: datetime) -> DistrictExport:
    """Have a worker make the district's export anew; one of earlier times is gone.

    Call it inside the transaction that disconnects the district.
    """
    DistrictExport.objects.filter(district=district).delete()
    export = DistrictExport.objects.create(district=district, asked_at=now)
    transaction.on_commit(partial(_ask_worker, export.pk))
    return export


@shared_task(name="navsync.tasks.make_export")
def make_export(export_id: int) -> None:
    """Make an export that is asked for; one that is there or being made is left."""
    make(export_id, timezone.now())


def make_missing(now: datetime) -> int:
    """Make the exports that wait, or whose worker died; return how many."""
    waiting = list(_to_make(now).values_list("pk", flat=True))
    return sum(make(export_id, now) for export_id in waiting)


def make(export_id: int, now: datetime) -> bool:
    """Make an export unless it is there or being made; return whether it was made."""
    mine = DistrictExport.objects.filter(pk=export_id)
    if not _to_make(now).filter(pk=export_id).update(begun_at=now):
        return False
    export = mine.select_related("district").defer("district__clever_token").get()
    with TemporaryFile() as file:
        contents, size = _write(export.district, file), file.tell()
        if not _store(export, file):
            logger.warning("%s came back while its data was written.", export.district)
            return False
    made = {"made_at": timezone.now(), "size": size, "contents": contents}
    return bool(mine.filter(begun_at=now).update(**made))


def as_download(export: DistrictExport) -> StreamingHttpResponse:
    """Return an export that is made as a file to save, piece by piece."""
    response = StreamingHttpResponse(_pieces(export), content_type="application/zip")
    slug, made = export.district.slug, export.made_at
    name = f"{slug}-data-{made:%Y-%m-%d}.zip" if made else f"{slug}-data.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Length"] = str(export.size)
    return response


def _to_make(now: datetime) -> QuerySet[DistrictExport]:
    is_free = Q(begun_at=None) | Q(begun_at__lt=now - STUCK_AFTER)
    return DistrictExport.objects.filter(is_free, made_at=None)


def _write(district: District, file: IO[bytes]) -> dict[str, int]:
    """Write the ZIP; return how many lines each of its files has, its head left out."""
    contents = {}
    about = [f"The data of {district} in NavSync, {timezone.now():%Y-%m-%d %H:%M} UTC."]
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for each in files_of(district):
            lines = _write_lines(archive, each.name, each.lines)
            contents[each.name] = lines - 1 if each.name.endswith(".csv") else lines
            about.append(f"{each.name}: {each.about}")
        archive.writestr("README.txt", "\n".join(about) + "\n")
    return contents


def _write_lines(archive: ZipFile, name: str, lines: Iterator[str]) -> int:
    count = 0
    with (
        archive.open(name, "w", force_zip64=True) as entry,
        TextIOWrapper(entry, encoding="utf-8", newline="") as text,
    ):
        for line in lines:
            text.write(line)
            count += 1
    return count


def _store(export: DistrictExport, file: IO[bytes]) -> bool:
    """Keep the file in the database; False if nobody wants it any more."""
    wanted = DistrictExport.objects.filter(pk=export.pk, begun_at=export.begun_at)
    export.parts.all().delete()  # of a worker that died
    file.seek(0)
    for number, data in enumerate(iter(partial(file.read, PART_SIZE), b"")):
        with transaction.atomic():
            # The row is held, so that it isn't taken away before the part is in.
            if not wanted.update(begun_at=export.begun_at):
                return False
            ExportPart.objects.create(export=export, number=number, data=data)
    return True


def _pieces(export: DistrictExport) -> Iterator[bytes]:
    numbers = export.parts.order_by("number").values_list("number", flat=True)
    for number in list(numbers):
        yield bytes(export.parts.get(number=number).data)


def _ask_worker(export_id: int) -> None:
    """Ask a worker; without a broker `make_missing` does it later."""
    try:
        make_export.apply_async((export_id,), expires=_MESSAGE_EXPIRES)
    except OperationalError as error:
        logger.warning("Export %s waits: no broker (%s).", export_id, error)
