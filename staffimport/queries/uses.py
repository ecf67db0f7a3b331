"""What uses a district's roles and zones, each with the page where to change it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet
from django.urls import reverse

from accounts.models import StaffAccount
from schools.models import District
from staffimport.models import ImportResult, ImportSettings, TitleKeyword

_DEFAULTS = {
    "school_user_role_id": "default of school accounts",
    "district_user_role_id": "default of district accounts",
}


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that uses a role or zone: in words, and where to change it."""

    text: str
    url: str


@dataclass(slots=True)
class Uses:
    """What uses one role or zone: accounts by status, and whatever else names it."""

    staff_url: str
    active: int = 0
    inactive: int = 0
    others: list[Use] = field(default_factory=list)

    def __iter__(self) -> Iterator[Use]:
        """Yield everything that uses it, accounts first."""
        for number, status in ((self.active, "active"), (self.inactive, "inactive")):
            if number:
                accounts = "account" if number == 1 else "accounts"
                url = f"{self.staff_url}&status={status}"
                yield Use(f"{number:,} {status} {accounts}", url)
        yield from self.others

    @property
    def is_used(self) -> bool:
        """Whether anything uses it."""
        return bool(self.active or self.inactive or self.others)


def role_uses(district: District) -> dict[int, Uses]:
    """Return what uses each role of the district, by primary key.

    These are accounts, title keywords, default settings, protected roles, and new
    accounts that wait in a run which was applied.
    """
    names = dict(district.user_roles.values_list("name", "pk"))
    found = {
        pk: Uses(f"{reverse('staffimport:staff')}?role={pk}") for pk in names.values()
    }
    _count_accounts(district, "user_role_id", found)
    settings = reverse("staffimport:settings")
    keywords = TitleKeyword.objects.filter(settings__district=district)
    named = keywords.values_list("keyword", "user_role")
    for place, (text, role) in enumerate(named, 1):
        if role is not None:
            use = Use(f"keyword “{text}”", f"{settings}#keyword-{place}")
            found[role].others.append(use)
    for chosen in ImportSettings.objects.filter(district=district):
        for column, words in _DEFAULTS.items():
            if (role := getattr(chosen, column)) is not None:
                found[role].others.append(Use(words, f"{settings}#defaults"))
        for role in chosen.protected_roles.values_list("pk", flat=True):
            words = "protected: staff in Naviance but not in the Clever"
            found[role].others.append(Use(words, f"{settings}#protected"))
    _count_waiting(district, "user_role", names, found)
    return found


def zone_uses(district: District) -> dict[int, Uses]:
    """Return what uses each zone of the district, by primary key.

    These are accounts, the default of new district staff, and new accounts that wait
    in a run which was applied.
    """
    names = dict(district.zones.values_list("name", "pk"))
    found = {
        pk: Uses(f"{reverse('staffimport:staff')}?zone={pk}") for pk in names.values()
    }
    _count_accounts(district, "zone_id", found)
    settings = ImportSettings.objects.filter(district=district)
    for zone in settings.values_list("district_zone", flat=True):
        if zone is not None:
            url = f"{reverse('staffimport:settings')}#zones"
            use = Use("default of new district staff", url)
            found[zone].others.append(use)
    _count_waiting(district, "zone", names, found)
    return found


def waiting_rows(district: District) -> QuerySet[ImportResult]:
    """Return the new accounts that wait for somebody's word in runs that were applied.

    A dismissal can be taken back, so it waits, too.
    """
    runs = district.import_runs.filter(applied_at__isnull=False, undone_at=None)
    return ImportResult.objects.filter(
        run__in=runs.order_by().values("pk"),
        state__in=[ImportResult.State.HELD, ImportResult.State.DISMISSED],
        outcome=ImportResult.Outcome.CREATED,
    )


def _count_accounts(district: District, column: str, found: dict[int, Uses]) -> None:
    own = district.staff_accounts.filter(**{f"{column}__isnull": False}).order_by()
    counted = own.values_list(column, "status").annotate(n=Count("pk"))
    for pk, status, number in counted:
        if status == StaffAccount.Status.ACTIVE:
            found[pk].active = number
        else:
            found[pk].inactive = number


def _count_waiting(
    district: District, column: str, names: dict[str, int], found: dict[int, Uses]
) -> None:
    held = waiting_rows(district).filter(state=ImportResult.State.HELD)
    rows = held.exclude(**{column: ""}).order_by()
    for name, run, number in rows.values_list(column, "run").annotate(n=Count("pk")):
        if name in names:
            accounts = "1 new account" if number == 1 else f"{number:,} new accounts"
            url = f"{reverse('staffimport:run', args=[run])}?state=held"
            use = Use(f"{accounts} held in run {run}", url)
            found[names[name]].others.append(use)
