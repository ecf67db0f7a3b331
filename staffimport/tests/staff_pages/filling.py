"""Fills in the pages of one account as a browser does, with Clever's side pulled."""

from django.urls import reverse

from staffimport.core.snapshot import RosterPerson, RosterSchool, Snapshot
from staffimport.store import snapshots


def url(name, account=None):
    return reverse(f"staffimport:{name}", args=[account.pk] if account else [])


def pull(district, **says):
    """Store a snapshot in which Clever has Jordan at Lincoln."""
    school = district.school_matches.get().clever_school.clever_id
    fields = {"first": "Jordan", "last": "Lee", "email": "jlee@oak.example"}
    place = {"is_staff": True, "staff_title": "Teacher", "staff_schools": (school,)}
    person = RosterPerson("c1", **{**fields, **place, **says})
    schools = [RosterSchool(school, "Lincoln")]
    snapshots.save(district, Snapshot("d", schools=schools, people=[person]))


def sent(response):
    """What the browser would send of an edit page as it is."""
    form = response.context["form"]
    values = {field.html_name: field.value() for field in form}
    values |= {"base": response.context["base"]}
    values["revision"] = response.context["account"].revision
    return {name: value for name, value in values.items() if value not in (None, "")}


def save(client, account, page=None, **changes):
    address = url("staff_edit", account)
    data = {**sent(page or client.get(address)), **changes}
    return client.post(address, data, follow=True)


def notes(response):
    return [str(message) for message in response.context["messages"]]
