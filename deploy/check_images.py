"""The images checked without an engine: `python -m deploy.check_images [--build]`.

The Dockerfiles are read and held to a few rules, compose.yaml to the fields of its schema and to what it refers to.
`--build` runs the steps of the Dockerfile's build stage in a folder, with its paths moved there, and has the purvey
that comes out make a state database.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from deploy.runtime_set import ROOT

DEPLOY = ROOT / "deploy"
DOCKERFILES = ("Dockerfile", "mlflow.Dockerfile")
_PINNED = re.compile(r"[\w./-]+:\d+\.\d+(\.\d+)?[\w.-]*(@sha256:[0-9a-f]{64})?")
_INDEX = re.compile(r"--(extra-)?index-url|--default-index|--find-links|--trusted-host", re.IGNORECASE)
_SECRET = re.compile(r"(password|secret|token|key)\s*[=:]\s*[^\s$]", re.IGNORECASE)

_TOP = {"name", "services", "volumes", "networks", "configs", "secrets"}
_SERVICE = {
    "build", "image", "command", "entrypoint", "environment", "env_file", "volumes", "ports", "depends_on",
    "healthcheck", "restart", "read_only", "cap_drop", "security_opt", "tmpfs", "user", "stop_grace_period",
    "networks", "deploy",
}  # fmt: skip
_HEALTH = {"test", "interval", "timeout", "retries", "start_period", "disable"}
_CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}


@dataclass(frozen=True)
class Instruction:
    """One instruction of a Dockerfile: its line, its name, and the rest of it on one line."""

    line: int
    name: str
    rest: str


def instructions(text: str) -> list[Instruction]:
    """Read a Dockerfile's instructions, continued lines joined and comments left out."""
    found, line, joined = [], 0, ""
    for number, row in enumerate(text.splitlines(), 1):
        if row.lstrip().startswith("#") or (not row.strip() and not joined):
            continue
        line = line if joined else number
        joined += " " + row.strip().removesuffix("\\").strip()
        if not row.rstrip().endswith("\\"):
            name, _, rest = joined.strip().partition(" ")
            found.append(Instruction(line, name.upper(), rest.strip()))
            joined = ""
    return found


def dockerfile_problems(text: str) -> Iterator[str]:
    """Sentences about what of a Dockerfile is not as it should be, each with its line."""
    read = instructions(text)
    arguments = dict(each.rest.split("=", 1) for each in read if each.name == "ARG" and "=" in each.rest)
    stages: set[str] = set()
    for each in read:
        for problem in _instruction_problems(each, arguments, stages):
            yield f"line {each.line}: {problem}"
    last = read[max(i for i, each in enumerate(read) if each.name == "FROM") :]
    names = [each.name for each in last]
    users = [each.rest for each in last if each.name == "USER"]
    if not users or users[-1].split(":")[0] in {"root", "0"}:
        yield "the last stage runs as root; name a USER"
    for needed in ("HEALTHCHECK", "ENTRYPOINT"):
        if needed not in names:
            yield f"the last stage has no {needed}"
    if len([each for each in read if each.name == "FROM"]) < 2:
        yield "there is one stage; build in another, so that its tools stay behind"


def _instruction_problems(each: Instruction, arguments: Mapping[str, str], stages: set[str]) -> Iterator[str]:
    """What is wrong with one instruction; the name of a stage that it begins is added to `stages`."""
    if each.name == "FROM":
        base, *name = re.split(r"\s+AS\s+", each.rest, flags=re.IGNORECASE)
        base = re.sub(r"\$\{(\w+)\}", lambda found: arguments.get(found[1], ""), base)
        if base not in stages and not _PINNED.fullmatch(base):
            yield f"base {base!r} is not pinned to a version"
        stages.update(name)
    if each.name == "ADD":
        yield "ADD may fetch or unpack what nobody checked; use COPY"
    if each.name in {"ENV", "ARG"} and _SECRET.search(each.rest):
        yield "a secret stays in the image for good; give it when the container starts"
    if each.name in {"CMD", "ENTRYPOINT"} and not each.rest.startswith("["):
        yield f"{each.name} in a shell does not get signals; write it as a list"
    if each.name == "COPY" and (found := re.search(r"--from=(\S+)", each.rest)) and found[1] not in stages:
        yield f"--from={found[1]} is no stage above"
    if each.name == "RUN":
        yield from _run_problems(each.rest)


def _run_problems(command: str) -> Iterator[str]:
    """What is wrong with a RUN."""
    if _INDEX.search(command):
        yield "names a package index; whose index it is, is the builder's own setting"
    if "apt-get install" in command:
        for needed in ("--no-install-recommends", "--yes", "apt-get update", "rm -rf /var/lib/apt/lists/*"):
            if needed not in command:
                yield f"apt-get install without {needed!r}"
    if re.search(r"\b(curl|wget)\b", command):
        yield "fetches what no hash is known of"
    installs = re.search(r"\bpip (install|sync)\b", command)
    if installs and "--require-hashes" not in command and "--no-deps" not in command:
        yield "installs packages without --require-hashes"
    if "sudo " in command:
        yield "sudo in an image; the USER comes last"


def compose_problems(document: Mapping[str, Any], folder: Path = DEPLOY) -> Iterator[str]:
    """Sentences about what of a compose file is not as it should be."""
    for name in document.keys() - _TOP:
        if not name.startswith("x-"):
            yield f"{name}: no field of a compose file"
    services: Mapping[str, Any] = document.get("services", {})
    volumes = set(document.get("volumes") or {})
    for name, service in services.items():
        for problem in _service_problems(service, services, volumes, folder):
            yield f"services.{name}: {problem}"


def _service_problems(
    service: Mapping[str, Any], services: Mapping[str, Any], volumes: set[str], folder: Path
) -> Iterator[str]:
    """What is wrong with one service."""
    for field in service.keys() - _SERVICE:
        yield f"{field} is no field of a service known here"
    for field in (service.get("healthcheck") or {}).keys() - _HEALTH:
        yield f"healthcheck.{field} is no field"
    if not _PINNED.fullmatch(str(service.get("image", ""))):
        yield f"image {service.get('image')!r} is not pinned to a version"
    build = service.get("build")
    if build and not (folder / build["context"] / build["dockerfile"]).is_file():
        yield f"there is no {build['dockerfile']}"
    for other, how in (service.get("depends_on") or {}).items():
        yield from _dependency_problems(other, how, services)
    for port in service.get("ports") or ():
        if not str(port).startswith("127.0.0.1:"):
            yield f"port {port} is open to everybody; begin it with 127.0.0.1:"
    yield from _volume_problems(service, volumes, folder)
    for variable, value in (service.get("environment") or {}).items():
        if re.search("password|secret", variable, re.IGNORECASE) and not str(value).startswith("${"):
            yield f"{variable} stands in the file; take it from the environment"


def _volume_problems(service: Mapping[str, Any], volumes: set[str], folder: Path) -> Iterator[str]:
    """What is wrong with the volumes of one service."""
    for volume in service.get("volumes") or ():
        place = str(volume).split(":")[0]
        if place.startswith("./") and not (folder / place).exists():
            yield f"there is no {place}"
        if not place.startswith((".", "/", "$")) and place not in volumes:
            yield f"volume {place} is not declared"


def _dependency_problems(other: str, how: Mapping[str, Any], services: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with one dependency between services."""
    if other not in services:
        yield f"depends on {other}, which is no service"
        return
    if how.get("condition") not in _CONDITIONS:
        yield f"depends_on.{other}: {how.get('condition')!r} is no condition"
    checked = "healthcheck" in services[other] or "build" in services[other]
    if how.get("condition") == "service_healthy" and not checked:
        yield f"waits for the health of {other}, which is not checked"


def build_in(folder: Path) -> str:
    """Run the steps of the Dockerfile's build stage in `folder`, and return what the purvey built says of itself.

    Raises
    ------
    CalledProcessError
        When a step fails.
    """
    source = folder / "src"
    source.mkdir()
    environment = os.environ | {"HOME": str(folder)}
    environment.pop("PYTHONPATH", None)
    environment.pop("VIRTUAL_ENV", None)
    for each in instructions((DEPLOY / "Dockerfile").read_text(encoding="utf-8")):
        if each.name == "FROM" and each.rest.endswith(" run"):
            break
        if each.name == "COPY":
            _copy(each.rest.split(), source)
        if each.name == "RUN":
            moved = each.rest.replace("/opt/", f"{folder}/opt/").replace("/src/", f"{source}/")
            moved = moved.replace("python -m venv", f"{sys.executable} -m venv")
            print(f"+ {moved}", flush=True)
            subprocess.run(moved, shell=True, check=True, cwd=source, env=environment)  # noqa: S602 -- as an engine does
    purvey = folder / "opt" / "purvey" / "bin" / "purvey"
    environment["PURVEY_HOME"] = str(folder / "home")
    done = subprocess.run(  # noqa: S603
        [purvey, "db", "upgrade"], check=True, cwd=folder, env=environment, capture_output=True, text=True
    )
    return done.stdout.strip()


def _copy(words: list[str], source: Path) -> None:
    """Copy what a COPY does, of a whole context only what .dockerignore lets in."""
    *what, target = words
    if what == ["."]:
        kept = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
        for name in kept:
            place = ROOT / name
            if place.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(place, source / name, ignore=ignored, dirs_exist_ok=True)
            else:
                shutil.copy(place, source / name)
        return
    (source / target).mkdir(parents=True, exist_ok=True)
    for name in what:
        shutil.copy(ROOT / name, source / target)


def problems() -> list[str]:
    """All that is wrong with the images and the compose file."""
    found = [
        f"{name}: {problem}"
        for name in DOCKERFILES
        for problem in dockerfile_problems((DEPLOY / name).read_text(encoding="utf-8"))
    ]
    document = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return found + [f"compose.yaml: {problem}" for problem in compose_problems(document)]


def main() -> int:
    """Print what is wrong, and build where asked; exit status 1 where something is."""
    parser = argparse.ArgumentParser(prog="python -m deploy.check_images", description=__doc__)
    parser.add_argument("--build", action="store_true", help="run the build stage's steps in a folder")
    given = parser.parse_args()
    found = problems()
    for problem in found:
        print(problem)
    if given.build and not found:
        with tempfile.TemporaryDirectory(prefix="purvey-image-") as folder:
            print(build_in(Path(folder)))
    print(json.dumps({"problems": len(found)}))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
