"""The stand-in's answers, judged by bravado-core against Clever's own Swagger files."""

import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
import requests
from jsonschema import ValidationError

from clever.standin import Standin
from clever.standin.tests.spec import load_spec
from clever.standin.views import Filter

with warnings.catch_warnings():
    # bravado-core still uses a part of jsonschema that is deprecated.
    warnings.simplefilter("ignore", DeprecationWarning)
    from bravado_core.response import (
        IncomingResponse,
        get_response_spec,
        validate_response_body,
    )
    from bravado_core.spec import Spec

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*(as of v4.18.0|RefResolver.in_scope):DeprecationWarning"
)

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
class Answer(IncomingResponse):
    """What bravado-core wants to know of a response."""

    response: requests.Response

    @property
    def status_code(self) -> int:
        return self.response.status_code

    @property
    def headers(self) -> dict[str, str]:
        return dict(self.response.headers)

    @property
    def content_type(self) -> str:
        # bravado-core compares it whole, without room for a charset.
        return self.response.headers["Content-Type"].partition(";")[0]

    @property
    def text(self) -> str:
        return self.response.text

    @property
    def raw_bytes(self) -> bytes:
        return self.response.content

    @property
    def reason(self) -> str:
        return self.response.reason

    def json(self, **_: Any) -> Any:
        return self.response.json()


@dataclass
class Judge:
    """Validates answers to the paths of one Swagger file and counts them."""

    spec: Spec
    standin: Standin
    count: int = 0

    def paths(self) -> list[str]:
        return [path for path in SERVED if path in self.spec.spec_dict["paths"]]

    def ask(self, path: str, address: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.standin.token}"}
        url = f"{self.standin.url}/v3.1{address}"
        response = requests.get(url, headers=headers, timeout=30)
        operation = self.spec.get_op_for_request("get", f"/v3.1{path}")
        declared = get_response_spec(response.status_code, operation)
        validate_response_body(operation, declared, Answer(response))
        self.count += 1
        return response

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


@cache
def read_spec(name: str) -> Spec:
    spec = load_spec(name)
    definitions = spec["definitions"]
    for definition in definitions.values():
        # Clever gives old values the type "object", though most are strings, in its
        # own recorded answers too.
        for part in definition.get("allOf", ()):
            part.get("properties", {}).pop("previous_attributes", None)
        for field, declared in definition.get("properties", {}).items():
            if "$ref" in declared and declared.get("x-nullable"):
                # bravado-core overlooks that such a field may be null.
                target = definitions[declared["$ref"].rpartition("/")[2]]
                definition["properties"][field] = {**target, "x-nullable": True}
    return Spec.from_dict(spec, config={"validate_swagger_spec": False})


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
    spec = read_spec(spec_name)
    with Standin(roster, rate_limit=10**6, previous_attributes=placement) as standin:
        live_a_little(standin)
        judge = Judge(spec, standin)
        judge.judge_everything()

        standin.fault("paused", times=1)
        standin.fault("erroring", times=1)
        for path in {"/districts"} & set(judge.paths()):
            judge.ask(path, path)

    record_property("validated_responses", judge.count)
    print(f"{judge.count} {roster} answers validated against {spec_name}")  # noqa: T201
    assert judge.count >= 10


def test_the_judge_refuses_an_answer_that_is_not_as_declared():
    spec = read_spec("v3.1.yml")
    with Standin("small") as standin:
        user = standin.district.users.select(Filter())[0]
        standin.change("update", kind="users", id=user, set={"district": 7})

        with pytest.raises(ValidationError, match="7 is not of type 'string'"):
            Judge(spec, standin).ask("/users", "/users")
