"""The stand-in's answers, judged by jsonschema against Clever's own Swagger files."""

from dataclasses import dataclass

import pytest
import requests
from jsonschema import ValidationError  # type: ignore[import-untyped]

from clever.standin import Standin
from clever.standin.tests.spec import Declared, load_spec
from clever.standin.views import Filter

SERVED = {
    "/districts": "",
    "/districts/{id}": "districts",
    "/schools": "",
    "/schools/{id}": "schools",
    "/schools/{id}/users": "schools",
    "/schools/{id}/sections": "schools",
    "/schools/{id}/district": "schools",
    "/users": "",
    "/users/{id}": "users",
    "/users/{id}/schools": "users",
    "/users/{id}/sections": "users",
    "/users/{id}/district": "users",
    "/sections": "",
    "/sections/{id}": "sections",
    "/sections/{id}/users": "sections",
    "/sections/{id}/school": "sections",
    "/sections/{id}/district": "sections",
    "/events": "",
    "/events/{id}": "events",
}
ABSENT_ID = "0" * 24
QUERIES = {
    "/users": (
        "?limit=10000",
        "?role=teacher&limit=50",
        "?role=staff&limit=7",
        "?role=district_admin",
        "?role=student",
        "?role=contact",
        "?ending_before=last&limit=3",
        "?count=true",
    ),
    "/schools/{id}/users": ("", "?role=staff", "?primary=true&role=teacher"),
    "/events": ("?limit=1000", "?record_type=users", "?ending_before=last&limit=1"),
}


@dataclass
class Judge:
    """Validates answers to the paths of one Swagger file and counts them."""

    declared: Declared
    standin: Standin
    count: int = 0

    def paths(self) -> list[str]:
        return [path for path in SERVED if path in self.declared.spec["paths"]]

    def ask(self, path: str, address: str) -> None:
        headers = {"Authorization": f"Bearer {self.standin.token}"}
        url = f"{self.standin.url}/v3.1{address}"
        response = requests.get(url, headers=headers, timeout=30)
        self.declared.validate(path, response.status_code, response.json())
        self.count += 1

    def sample(self, kind: str) -> list[str]:
        """Return ids to ask for, spread over the list, and one that isn't there.

        Each record is judged anyway, as an item of its list.
        """
        if kind == "events":
            ids = [event.id for event in self.standin.district.events]
        elif kind == "districts":
            ids = [self.standin.district_id]
        else:
            ids = self.standin.district.collection(kind).select(Filter())
        return [*ids[:: max(1, len(ids) // 6)], ABSENT_ID]

    def judge_everything(self) -> None:
        for path in self.paths():
            if "{id}" not in path:
                for query in QUERIES.get(path, ("", "?limit=3")):
                    self.ask(path, path + query)
            else:
                for record_id in self.sample(SERVED[path]):
                    self.ask(path, path.replace("{id}", record_id))


def live_a_little(standin: Standin) -> None:
    """Make every kind of event that a roster gives."""
    people, schools, sections = (
        standin.district.collection(kind).select(Filter())
        for kind in ("users", "schools", "sections")
    )
    standin.change("update", kind="users", id=people[0], set={"email": "a@b.example"})
    standin.change("new_id", id=people[1])
    standin.change("unshare", school=schools[-1])
    standin.change("share", school=schools[-1])
    standin.change("update", kind="schools", id=schools[0], set={"name": "Other"})
    standin.change("remove", kind="sections", id=sections[-1])
    standin.change("add", kind="sections", record={"school": schools[0]})
    standin.change("remove", kind="schools", id=schools[-1])
    standin.change("add", kind="schools", record={"name": "New"})


@pytest.mark.parametrize(
    ("spec_name", "roster", "placement"),
    [
        ("v3.1.yml", "small", "inside"),
        ("v3.1.yml", "messy", "inside"),
        ("v3.1-events.yml", "small", "inside"),
        ("v3.1-events.yml", "small", "top"),
        ("v3.1-events.yml", "messy", "top"),
        ("v3.1-client.yml", "messy", "inside"),
        ("v3.1-client.yml", "demo", "inside"),
    ],
)
def test_every_answer_is_as_clever_declares_it(
    spec_name, roster, placement, record_property
):
    declared = Declared(load_spec(spec_name))
    with Standin(roster, rate_limit=10**6, previous_attributes=placement) as standin:
        live_a_little(standin)
        judge = Judge(declared, standin)
        judge.judge_everything()

        standin.fault("paused", times=1)
        standin.fault("erroring", times=1)
        for path in {"/districts"} & set(judge.paths()):
            judge.ask(path, path)

    record_property("validated_responses", judge.count)
    print(f"{judge.count} {roster} answers validated against {spec_name}")  # noqa: T201
    assert judge.count >= 10


def test_the_judge_refuses_an_answer_that_is_not_as_declared():
    declared = Declared(load_spec("v3.1.yml"))
    with Standin("small") as standin:
        user = standin.district.users.select(Filter())[0]
        standin.change("update", kind="users", id=user, set={"district": 7})

        with pytest.raises(ValidationError, match="7 is not of type 'string'"):
            Judge(declared, standin).ask("/users", "/users")
