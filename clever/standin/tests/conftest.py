"""A running stand-in, and a way to ask it."""

from collections.abc import Callable, Iterator

import pytest
import requests

from clever.standin import Standin

Get = Callable[..., requests.Response]


@pytest.fixture
def standin() -> Iterator[Standin]:
    with Standin("small") as running:
        yield running


@pytest.fixture
def get(standin: Standin) -> Get:
    """Ask for a path under /v3.1 with the district's token, or with another."""

    def ask(path: str, *, token: str = standin.token, **options) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        address = f"{standin.url}/v3.1{path}"
        return requests.get(address, headers=headers, timeout=10, **options)

    return ask
