"""The files of ``deploy/`` say what they must. There is no Docker here: they are read, not run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from pipelines import settings as settings_module
from pipelines.dagster_settings import READING_QUEUE
from pipelines.settings import PROJECT_ROOT

DEPLOY = PROJECT_ROOT / "deploy"
# Where the image has the project.
IN_IMAGE = "/srv/juesuan/"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service["image"].startswith("juesuan")]
SERVERS = [name for name in SERVICES if name not in OURS]
# Something exact: a version of three parts, or the two that PostgreSQL has.
PINNED = re.compile(r"^[a-z/]+:\d+\.\d+(\.\d+)?(-[a-z-]+)?$")
# A value taken from the environment, without which nothing starts.
FROM_ENVIRONMENT = re.compile(r"\$\{(\w+):\?[^}]+\}")


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command that a container of ours runs, also to see whether it is well."""
    for name in OURS:
        service = SERVICES[name]
        yield f"{name} command", service["command"]
        kind, *rest = service["healthcheck"]["test"]
        yield f"{name} health", shlex.split(rest[0]) if kind == "CMD-SHELL" else rest


def test_the_services_are_there() -> None:
    assert set(SERVICES) == {"postgres", "redis", "code", "web", "daemon", "builds", "reads", "site"}
    assert SERVICES["reads"]["deploy"]["replicas"] >= 2


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_hardened_and_watched(name: str) -> None:
    service = SERVICES[name]
    user = str(service["user"]).partition(":")[0]
    assert user.isdigit() and int(user) > 0, "not root"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service
    assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert PINNED.match(service["image"]), service["image"]
    for port in service.get("ports", ()):
        assert port.startswith(("127.0.0.1:", "${JUESUAN_PRIVATE_ADDRESS:-127.0.0.1}:")), port


def test_no_secret_stands_in_the_files() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|TOKEN|AUTH", variable):
                assert FROM_ENVIRONMENT.fullmatch(value), (name, variable)
            for secret in re.findall(r"://\w*:([^@]+)@", value):
                assert FROM_ENVIRONMENT.fullmatch(secret), (name, variable)
    example = (DEPLOY / "env.example").read_text(encoding="utf-8")
    said = dict(line.split("=", 1) for line in example.splitlines() if line and not line.startswith("#"))
    assert {name for name, value in said.items() if not value} >= {"POSTGRES_PASSWORD", "REDIS_PASSWORD"}
    asked = {name for path in DEPLOY.glob("compose.yaml") for name in _asked_for(path)}
    assert asked <= set(said), "every variable of the compose file is in the example"
    assert "deploy/.env" in (PROJECT_ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def _asked_for(path: Path) -> set[str]:
    return set(re.findall(r"(?<!\$)\$\{(\w+)", path.read_text(encoding="utf-8")))


def test_who_reads_documents_has_no_way_out() -> None:
    networks = COMPOSE["networks"]
    for name in ("reads", "builds"):
        assert SERVICES[name]["networks"] == ["inside"]
        assert "raw:/raw:ro" in SERVICES[name]["volumes"]
    assert networks["inside"]["internal"] is True
    no_nat = {"com.docker.network.bridge.enable_ip_masquerade": "false"}
    open_ones = {name for name, network in networks.items() if network.get("driver_opts") != no_nat} - {
        "inside"
    }
    assert {name for name in SERVICES if open_ones & set(SERVICES[name]["networks"])} == {"code"}


def test_every_setting_is_one_of_the_code() -> None:
    known = set(re.findall(r"``(JUESUAN_\w+)``", settings_module.__doc__ or ""))
    for name in OURS:
        given = {key for key in SERVICES[name].get("environment", {}) if key.startswith("JUESUAN_")}
        assert given <= known


@pytest.mark.parametrize(
    ("what", "command"), [*commands()], ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_command_exists_with_its_options_and_files(what: str, command: list[str]) -> None:
    program, *arguments = command
    for argument in arguments:
        if argument.startswith(IN_IMAGE):
            assert (PROJECT_ROOT / argument.removeprefix(IN_IMAGE)).is_file(), argument
    if program == "python":
        return
    (script,) = entry_points(group="console_scripts", name=program)
    if program == "celery":
        from celery.bin.celery import celery as found
    else:
        loaded = script.load()
        found = loaded if isinstance(loaded, click.Command) else import_module(script.module).cli
    _parse(found, arguments)


def _parse(command: click.Command, arguments: list[str]) -> None:
    """Walk down to the command meant and read its options; raises for one there is not."""
    context = click.Context(command)
    rest = arguments
    while True:
        _, rest, _ = command.make_parser(context).parse_args(list(rest))
        if not isinstance(command, click.Group):
            return
        name, *rest = rest
        found = command.get_command(context, name)
        assert found is not None, f"no command {name}"
        command, context = found, click.Context(found, parent=context)


def test_the_queues_of_the_workers_are_those_of_the_steps() -> None:
    queues = {}
    for name in ("builds", "reads"):
        command = SERVICES[name]["command"]
        queues[name] = command[command.index("-q") + 1]
    assert queues == {"builds": "dagster", "reads": READING_QUEUE}


@pytest.mark.parametrize("name", ["celery.yaml", "celery-reading.yaml"])
def test_a_step_whose_worker_dies_comes_again(name: str) -> None:
    config = yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))["execution"]["config"]
    source = config["config_source"]
    assert source["task_acks_late"] is True
    assert source["task_reject_on_worker_lost"] is True
    assert source["broker_transport_options"]["visibility_timeout"] > 0
    assert config["broker"] == config["backend"] == {"env": "CELERY_BROKER_URL"}


def test_reading_workers_leave_the_steps_of_builders_alone() -> None:
    """Redis keeps steps begun in one list; a short wait for the dead must not be applied to long steps."""
    keys = ("unacked_key", "unacked_index_key", "unacked_mutex_key")
    options = [
        yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))["execution"]["config"]["config_source"][
            "broker_transport_options"
        ]
        for name in ("celery.yaml", "celery-reading.yaml")
    ]
    assert all(options[0].get(key) != options[1][key] for key in keys)
    assert options[1]["visibility_timeout"] < options[0]["visibility_timeout"]


def test_the_instance_is_that_of_one_machine_but_for_where_it_keeps_things() -> None:
    one = yaml.safe_load((PROJECT_ROOT / "dagster-instance.yaml").read_text(encoding="utf-8"))
    several = yaml.safe_load((DEPLOY / "dagster.yaml").read_text(encoding="utf-8"))
    for key in ("telemetry", "nux", "concurrency", "run_retries", "retention"):
        assert several[key] == one[key]
    assert several["storage"] == {"postgres": {"postgres_url": {"env": "DAGSTER_POSTGRES_URL"}}}


def test_the_image_is_pinned_and_installs_the_lock() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^FROM python:3\.11\.\d+-slim-\w+$", lines, re.MULTILINE)
    assert "--require-hashes --no-deps" in lines
    assert lines.rstrip().splitlines()[-1] == "USER 10001:10001"
    for source in re.findall(r"^COPY (.+)$", lines, re.MULTILINE):
        for path in source.split()[:-1]:
            assert (PROJECT_ROOT / path).exists(), path
