"""The filter and the order of the staff list: from a query string to accounts."""

from dataclasses import dataclass

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import QueryDict

from accounts.access import Within
from accounts.models import StaffAccount
from accounts.people import shown
from accounts.searching import fold
from schools.models import District
from staffimport.models import FieldDrift
from staffimport.queries.filters import DISTRICT_LEVEL, as_number

NO_ROLE = "-"
NO_ZONE = "-"
CLEVER = {"tied": "Tied to Clever", "not": "Not tied to Clever"}
PINS = {"pinned": "With pinned fields", "drifting": "Drifting from Clever"}


class StaffFilter(django_filters.FilterSet):
    """The filter of the staff list; what it doesn't understand it leaves out.

    Its fields are q (every word somewhere in name, e-mail, employee id or title),
    school (primary key or "district"), role (primary key, "-" for none), status,
    zone (primary key, "-" for full access at the district), clever (tied or not),
    origin and pins (pinned or drifting).
    """

    q = django_filters.CharFilter(method="search")
    school = django_filters.CharFilter(method="at_school")
    role = django_filters.CharFilter(method="with_role")
    zone = django_filters.CharFilter(method="in_zone")
    status = django_filters.ChoiceFilter(choices=StaffAccount.Status.choices)
    clever = django_filters.ChoiceFilter(
        choices=[*CLEVER.items()], method="tied_or_not"
    )
    origin = django_filters.ChoiceFilter(choices=StaffAccount.Origin.choices)
    pins = django_filters.ChoiceFilter(choices=[*PINS.items()], method="by_pins")

    class Meta:
        """All fields are declared above."""

        model = StaffAccount
        fields: list[str] = []

    def search(
        self, accounts: QuerySet[StaffAccount], _name: str, text: str
    ) -> QuerySet[StaffAccount]:
        """Keep accounts in which every word occurs."""
        for word in fold(text).split():
            accounts = accounts.filter(search_text__contains=word)
        return accounts

    def at_school(
        self, accounts: QuerySet[StaffAccount], _name: str, value: str
    ) -> QuerySet[StaffAccount]:
        """Keep accounts of one school, or of the district level."""
        if value == DISTRICT_LEVEL:
            return accounts.filter(school__isnull=True)
        school = as_number(value)
        return accounts if school is None else accounts.filter(school_id=school)

    def with_role(
        self, accounts: QuerySet[StaffAccount], _name: str, value: str
    ) -> QuerySet[StaffAccount]:
        """Keep accounts with one role, or without any."""
        if value == NO_ROLE:
            return accounts.filter(user_role__isnull=True)
        role = as_number(value)
        return accounts if role is None else accounts.filter(user_role_id=role)

    def in_zone(
        self, accounts: QuerySet[StaffAccount], _name: str, value: str
    ) -> QuerySet[StaffAccount]:
        """Keep accounts with one zone, or those of the district without any."""
        if value == NO_ZONE:
            return accounts.filter(zone__isnull=True, school__isnull=True)
        zone = as_number(value)
        return accounts if zone is None else accounts.filter(zone_id=zone)

    def tied_or_not(
        self, accounts: QuerySet[StaffAccount], _name: str, value: str
    ) -> QuerySet[StaffAccount]:
        """Keep accounts that are tied to a Clever id, or those that are not."""
        untied = Q(clever_id="")
        return accounts.filter(~untied if value == "tied" else untied)

    def by_pins(
        self, accounts: QuerySet[StaffAccount], _name: str, value: str
    ) -> QuerySet[StaffAccount]:
        """Keep accounts with pinned fields, or where Clever says something else."""
        if value == "drifting":
            return accounts.filter(drifts)
        return accounts.exclude(pinned_fields=[])


drifts = Exists(FieldDrift.objects.filter(account=OuterRef("pk")))


@dataclass(frozen=True, slots=True)
class Order:
    """An order of accounts: by one column, equal ones by their id."""

    column: str
    is_descending: bool = False

    def sort(
        self, accounts: QuerySet[StaffAccount], *, backwards: bool = False
    ) -> QuerySet[StaffAccount]:
        """Return the accounts in this order, or from its end."""
        columns = [F(self.column), F("pk")]
        if self.is_descending != backwards:
            return accounts.order_by(*(column.desc() for column in columns))
        return accounts.order_by(*columns)

    def beyond(self, account: StaffAccount, *, backwards: bool) -> Q:
        """Return what comes after an account in this order, or before it."""
        word = "lt" if self.is_descending != backwards else "gt"
        value = getattr(account, self.column)
        # The first condition finds the place in the index, the others the row there.
        return Q(**{f"{self.column}__{word}e": value}) & (
            Q(**{f"{self.column}__{word}": value}) | Q(**{f"pk__{word}": account.pk})
        )


ORDERS = {
    "name": Order("name_key"),
    "-name": Order("name_key", is_descending=True),
    "changed": Order("updated_at"),
    "-changed": Order("updated_at", is_descending=True),
}
ORDER_WORDS = {
    "name": "Name, A to Z",
    "-name": "Name, Z to A",
    "-changed": "Newest change first",
    "changed": "Oldest change first",
}


def order_of(params: QueryDict) -> Order:
    """Return the order a query string asks for: by name if it doesn't say."""
    return ORDERS.get(params.get("sort", ""), ORDERS["name"])


def narrow(
    district: District, params: QueryDict, within: Within
) -> QuerySet[StaffAccount]:
    """Return what a filter's query string leaves of the accounts that somebody sees."""
    narrowed: QuerySet[StaffAccount] = StaffFilter(params, shown(district, within)).qs
    return narrowed
