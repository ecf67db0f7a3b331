import json
import signal
import socket
import subprocess
import sys

import pytest
import requests

from clever.standin.__main__ import main


@pytest.fixture
def running():
    command = [
        sys.executable,
        "-m",
        "clever.standin",
        "--port",
        "0",
        "--roster",
        "small",
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def test_it_prints_one_line_when_it_listens_and_stops_when_told(running):
    line = json.loads(running.stdout.readline())
    headers = {"Authorization": f"Bearer {line['token']}"}
    answer = requests.get(f"{line['url']}/v3.1/districts", headers=headers, timeout=10)
    running.send_signal(signal.SIGTERM)
    out, err = running.communicate(timeout=20)

    assert set(line) == {"url", "district_id", "token", "client_id", "client_secret"}
    assert answer.json()["data"][0]["data"]["id"] == line["district_id"]
    assert (running.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize("name", ["tiny", "large:0", "large:x", "large:1000001"])
def test_an_unknown_roster_is_refused_in_a_sentence(capsys, name):
    assert main(["--roster", name]) == 2
    assert f"There is no roster '{name}': use demo, " in capsys.readouterr().err


@pytest.mark.parametrize(
    "option", [("--port", "65536"), ("--port", "-1"), ("--rate-limit", "many")]
)
def test_a_number_out_of_range_is_wrong_use(capsys, option):
    with pytest.raises(SystemExit) as end:
        main([*option])

    assert end.value.code == 2
    assert f"'{option[1]}' is no whole number from 0 to" in capsys.readouterr().err


def test_a_taken_port_is_refused_in_a_sentence(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert main(["--roster", "small", "--port", str(port)]) == 2

    sentence = f"Port {port} can't be used: Address already in use. Name another"
    assert sentence in capsys.readouterr().err
