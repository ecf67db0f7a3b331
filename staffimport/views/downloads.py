"""A run's rows as files: all of them, or what a filter leaves."""

import tempfile
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from django.db.models import QuerySet
from django.http import FileResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from schools.access import ConsoleRequest, manages_import
from staffimport.exports import csv_lines, write_xlsx
from staffimport.models import ImportResult, ImportRun
from staffimport.queries.filters import narrow
from staffimport.queries.orders import order_of

LINES_AT_ONCE = 500


@require_safe
@manages_import
def results_csv(request: ConsoleRequest, number: int) -> StreamingHttpResponse:
    """Return the filtered rows as CSV in the page's order, sent while they are read."""
    run = get_object_or_404(request.district.import_runs, pk=number)
    return stream(csv_lines(_rows(run, request.GET)), f"{_name(run)}.csv")


@require_safe
@manages_import
def results_xlsx(request: ConsoleRequest, number: int) -> FileResponse:
    """Return the filtered rows as a workbook, written to a file that is gone after."""
    run = get_object_or_404(request.district.import_runs, pk=number)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.xlsx"
        write_xlsx(_rows(run, request.GET), path)
        # Opened before the folder goes: the file lives until the answer is sent.
        opened = path.open("rb")
    return FileResponse(opened, as_attachment=True, filename=f"{_name(run)}.xlsx")


def _rows(run: ImportRun, params: QueryDict) -> QuerySet[ImportResult]:
    return order_of(params).sort(narrow(run, params))


def _name(run: ImportRun) -> str:
    return f"{run.district.slug}-run-{run.pk}-results"


def stream(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    """Return lines of CSV as a file of this name, sent while they are read.

    A mark at its beginning tells spreadsheets that it is UTF-8.
    """
    marked = chain(["\ufeff"], lines)
    response = StreamingHttpResponse(_joined(marked), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _joined(lines: Iterator[str]) -> Iterator[str]:
    """Yield many lines at once: each piece costs the server a write."""
    while piece := "".join(islice(lines, LINES_AT_ONCE)):
        yield piece
