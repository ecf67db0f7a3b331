"""Requests that schemathesis makes up from Clever's Swagger file, good ones and bad."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import response_schema_conformance

from clever.standin import Standin
from clever.standin.data import RELS
from clever.standin.tests.spec import load_spec
from clever.standin.tests.test_swagger import SERVED, live_a_little
from clever.standin.views import Filter


@dataclass
class Target:
    """The running stand-in, with Clever's file turned on it."""

    standin: Standin
    schema: schemathesis.schemas.BaseSchema
    session: requests.Session

    def operation(self, path: str) -> APIOperation[Any, Any, Any, Any]:
        return self.schema[path]["GET"]

    def ids(self, kind: str) -> list[str]:
        if kind == "districts":
            return [self.standin.district_id]
        if kind == "events":
            return [event.id for event in self.standin.district.events]
        return self.standin.district.collection(kind).select(Filter())


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    spec = load_spec("v3.1-client.yml")
    spec["paths"] = {path: spec["paths"][path] for path in SERVED}
    with Standin("messy", rate_limit=10**9) as standin, requests.Session() as session:
        live_a_little(standin)
        session.headers["Authorization"] = f"Bearer {standin.token}"
        yield Target(standin, schemathesis.openapi.from_dict(spec), session)


# The others have no parameter that could be wrong.
WITH_QUERY = [
    path for path in SERVED if path.rpartition("/")[2] in ("districts", "events", *RELS)
]


@pytest.mark.parametrize(
    ("path", "mode"),
    [
        *((path, GenerationMode.POSITIVE) for path in SERVED),
        *((path, GenerationMode.NEGATIVE) for path in WITH_QUERY),
    ],
)
def test_no_request_breaks_the_stand_in_or_gets_an_undeclared_answer(
    target, path, mode
):
    operation = target.operation(path)

    @settings(
        max_examples=12,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        if SERVED[path] and data.draw(st.booleans()):
            known = target.ids(SERVED[path])
            case.path_parameters = {"id": data.draw(st.sampled_from(known))}
        case.call_and_validate(
            base_url=f"{target.standin.url}/v3.1",
            session=target.session,
            checks=[not_a_server_error, response_schema_conformance],
        )

    ask()


def test_a_server_error_would_be_noticed(target):
    target.standin.fault("500", times=1)
    case = target.operation("/users").Case()

    with pytest.raises(FailureGroup):
        case.call_and_validate(
            base_url=f"{target.standin.url}/v3.1",
            session=target.session,
            checks=[not_a_server_error],
        )
