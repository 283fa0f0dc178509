"""``python -m bot classify`` and ``catalogue``, as other programs call them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main

_CASES = Path(__file__).parents[2] / "cases"
_S3 = str(_CASES / "s01-s3-explicit-keys" / "connector.json")
_MM2 = str(_CASES / "36-mm2-msc-iam" / "connector.json")
_WORKER = _CASES / "s77-all-three-log-destinations"


def _run(*words: str, environment: dict[str, str] | None = None) -> int:
    return main(words, environment or {})


def test_one_file_gives_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("classify", _S3, "--json") == 0

    printed = capsys.readouterr()
    (line,) = printed.out.splitlines()
    document = json.loads(line)
    assert document["connector"]["name"] == "demo-connector-s01"
    assert document["verdict"]["code"] == "unconfirmed"
    assert document["trail"] is None
    assert "plaintext-secret" in {warning["code"] for warning in document["warnings"]}
    assert printed.err == ""


def test_a_worker_configuration_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    words = (str(_WORKER / "connector.json"), "--worker-configuration", str(_WORKER / "worker.properties"), "--json")
    assert _run("classify", *words) == 0

    assert '"subject": "secretsmanager"' in capsys.readouterr().out


def test_a_bad_file_costs_its_line_and_the_exit_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    contents = {
        "no-json": "password=CANARY",
        "other": '{"connectors": []}',
        "list": '["CANARY"]',
        "wrong": json.dumps({"connectorName": "x", "connectorConfiguration": "CANARY"}),
        "deep": "[" * 100_000,
        "empty": "",
    }
    for name, content in contents.items():
        (tmp_path / name).write_text(content)
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00CANARY")
    bad = [str(tmp_path / name) for name in (*contents, "binary", "missing")]

    assert _run("classify", _S3, *bad, _MM2, str(tmp_path), "--json") == 2

    printed = capsys.readouterr()
    names = [json.loads(line)["connector"]["name"] for line in printed.out.splitlines()]
    assert names == ["demo-connector-s01", "demo-connector-36"]
    errors = printed.err.splitlines()
    assert len(errors) == len(bad) + 1
    assert all(line.startswith("python -m bot classify: ") for line in errors)
    assert all(name in line for name, line in zip([*bad, str(tmp_path)], errors, strict=True))
    assert "CANARY" not in printed.err


def test_a_worker_configuration_belongs_to_one_connector(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("classify", _S3, _MM2, "--worker-configuration", str(_WORKER / "worker.properties")) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1


@pytest.mark.parametrize("content", [b"key=\\u00g0 CANARY", b"\xff\xfe", None])
def test_an_unreadable_worker_configuration_ends_the_command(
    tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "worker.properties"
    if content is not None:
        file.write_bytes(content)

    assert _run("classify", _S3, "--worker-configuration", str(file)) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert "CANARY" not in printed.err


def test_no_file_at_all_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        _run("classify")

    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_standard_input_is_read_and_a_byte_order_mark_does_no_harm() -> None:
    process = subprocess.run(
        [sys.executable, "-m", "bot", "classify", "-", "--json"],
        input=b"\xef\xbb\xbf" + Path(_MM2).read_bytes(),
        capture_output=True,
        check=False,
    )

    assert process.returncode == 0
    assert json.loads(process.stdout)["connector"]["name"] == "demo-connector-36"
    assert process.stderr == b""


def test_it_starts_without_slacks_and_awss_libraries() -> None:
    code = (
        "import sys; from bot.__main__ import main; "
        f"status = main(['classify', {_MM2!r}, '--json']); "
        "heavy = {'boto3', 'botocore', 'slack_bolt', 'slack_sdk'} & set(sys.modules); "
        "print(sorted(heavy), file=sys.stderr); sys.exit(status)"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (process.returncode, process.stderr) == (0, "[]\n")


def test_text_for_people_shows_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("classify", _S3, _MM2) == 0

    printed = capsys.readouterr()
    assert "demo-connector-s01" in printed.out
    assert "demo-connector-36" in printed.out
    assert "CANARY" not in printed.out


def test_entries_of_ones_own_are_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "acme.toml").write_text(
        'title = "Acme"\nsource = "https://git.example.com"\n[access.queue]\nsystem = "acme"\n'
        '[[connector]]\nclasses = ["com.acme.kafka.connect.aws.FancySqsSinkConnector"]\n'
        'kind = "sink"\naccess = ["queue"]\n'
    )
    case = str(_CASES / "s72-unknown-class-aws-keys" / "connector.json")
    environment = {"MSK_ROLE_PLUGINS": str(tmp_path)}

    assert _run("classify", case, "--json", environment=environment) == 0
    assert '"subject": "acme"' in capsys.readouterr().out
    assert _run("catalogue", environment=environment) == 0
    assert "Acme (your own)" in capsys.readouterr().out


@pytest.mark.parametrize("command", [("classify", _S3), ("catalogue",)])
def test_a_bad_entry_of_ones_own_is_named(
    tmp_path: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "acme.toml").write_text('title = "Acme"\nsurprise = 1\n')

    assert _run(*command, environment={"MSK_ROLE_PLUGINS": str(tmp_path)}) == 2
    assert "acme.toml: file: unknown key surprise" in capsys.readouterr().err


def test_the_catalogue_lists_its_families(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("catalogue") == 0

    assert "confluent-s3" in capsys.readouterr().out
