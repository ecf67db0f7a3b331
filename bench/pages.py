"""Child: the server's time for pages about a run's rows, by Django's test client.

`results` measures the newest run's page in every order and with every kind of filter,
`compare` the comparison of the oldest final with the newest. Parts are seconds: the
median by a page's name, and with ", first time" that of its first request.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings
from django.db.models import QuerySet
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import Right, StaffAccount, User, UserRole
from bench.child import BenchFailedError, Measured
from bench.measuring import FIRST_TIME
from schools.models import District
from staffimport.models import ImportRun

REQUESTS = 9
SORTED = ("name", "-name", "place", "outcome", "matched_by")


def main(what: str) -> Measured:
    """Measure the pages of "results" or of "compare"; seconds are those of all."""
    district = District.objects.get()
    pages = {"results": _results, "compare": _comparison}[what](district)
    measured = Measured()
    with _deployed(), _admin(district) as admin:
        client = Client()
        client.force_login(admin, backend=settings.AUTHENTICATION_BACKENDS[0])
        with measured.clock():
            for name, address in pages.items():
                first, *others = [_seconds(client, address) for _ in range(REQUESTS)]
                measured.parts[name] = statistics.median(others)
                measured.parts[f"{name}{FIRST_TIME}"] = first
    return measured


@contextmanager
def _admin(district: District) -> Iterator[User]:
    """Give somebody who may open the console, and take them away again."""
    user = User.objects.create_user("benchmark@navsync.example")
    role, _ = UserRole.objects.update_or_create(
        district=district,
        name="District Site Manager",
        defaults={"rights": [Right.MANAGE_DATA_IMPORT]},
    )
    account = StaffAccount.objects.create(district=district, user=user, user_role=role)
    yield user
    account.delete()
    user.delete()


def _results(district: District) -> Mapping[str, str]:
    run = _runs(district).latest("pk")
    row = run.results.exclude(school=None).order_by("-position")[0]
    middle = run.counts["rows"] // 2
    queries = {
        "first page": "",
        "last page": "last=1",
        "page in the middle": f"after={middle}&n={middle + 1}",
        "held rows": "state=held",
        "one outcome": "outcome=matched",
        "one school": f"school={row.school_id}",
        "one reason": "reason=changes",
        "search that finds many": "q=a",
        "search that finds few": f"q={row.first_name}+{row.last_name}",
        "search that finds none": "q=nobody+at+all",
        **{f"sorted by {order}": f"sort={order}" for order in SORTED},
        "sorted by name, in the middle": f"sort=name&after={middle}&n={middle + 1}",
        "sorted by name, last page": "sort=name&last=1",
        "search, sorted by name": "q=a&sort=name",
    }
    url = reverse("staffimport:run", args=[run.pk])
    pages = {name: f"{url}?{query}" for name, query in queries.items()}
    return {**pages, "import history": reverse("staffimport:runs")}


def _comparison(district: District) -> Mapping[str, str]:
    finals = _runs(district).filter(kind=ImportRun.Kind.FINAL)
    first, second = finals.earliest("pk"), finals.latest("pk")
    url = f"{reverse('staffimport:compare')}?first={first.pk}&second={second.pk}"
    usual = f"{reverse('staffimport:compare')}?first={second.pk}"
    return {
        "comparison with the run it follows": usual,
        "comparison": url,
        "comparison, last page": f"{url}&at={second.counts['rows'] - 1}",
        "comparison, search": f"{url}&q=a",
    }


def _runs(district: District) -> QuerySet[ImportRun]:
    return district.import_runs.filter(state=ImportRun.State.SUCCEEDED)


@contextmanager
def _deployed() -> Iterator[None]:
    """Do without the step of a deployment that names static files by their content.

    Nothing is in the cache at first.
    """
    with tempfile.TemporaryDirectory(prefix="navsync-bench-") as folder:
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        file_cache = "django.core.cache.backends.filebased.FileBasedCache"
        with override_settings(
            STORAGES={**settings.STORAGES, "staticfiles": plain},
            CACHES={"default": {"BACKEND": file_cache, "LOCATION": folder}},
        ):
            yield


def _seconds(client: Client, address: str) -> float:
    start = time.perf_counter()
    answer = client.get(address, secure=True, headers={"host": "navsync.example"})
    seconds = time.perf_counter() - start
    if answer.status_code != 200:  # noqa: PLR2004 — HTTP's own
        msg = f"{address} answered {answer.status_code}."
        raise BenchFailedError(msg)
    return seconds
