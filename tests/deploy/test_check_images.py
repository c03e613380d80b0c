import pytest
import yaml

from deploy.check_images import DEPLOY, compose_problems, dockerfile_problems, instructions, problems

GOOD = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def test_the_images_and_the_compose_file_are_as_they_should_be():
    assert problems() == []


def test_continued_lines_are_one_instruction():
    read = instructions('# x\nFROM a:1.2\n\nRUN one \\\n  # why\n && two\nCMD ["x"]\n')
    assert [(each.line, each.name, each.rest) for each in read] == [
        (2, "FROM", "a:1.2"),
        (4, "RUN", "one && two"),
        (7, "CMD", '["x"]'),
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("python:3.11.13-slim-bookworm", "python:latest", "not pinned"),
        ("python:3.11.13-slim-bookworm", "python", "not pinned"),
        ("USER 10001", "USER root", "runs as root"),
        ("USER 10001\n", "", "runs as root"),
        ("COPY . .", "ADD https://example.org/x.tgz .", "ADD may fetch"),
        (" && rm -rf /var/lib/apt/lists/*", "", "without 'rm -rf"),
        ("--no-install-recommends ", "", "without '--no-install-recommends'"),
        ("HEALTHCHECK", "LABEL x=y\n#", "no HEALTHCHECK"),
        (
            "--require-hashes -r locks/requirements-uv.lock",
            "-r locks/requirements-uv.lock",
            "--require-hashes",
        ),
        ("uv pip sync", "uv pip sync --index-url x", "package index"),
        ('ENTRYPOINT ["tini", "--", "purvey"]', "ENTRYPOINT purvey", "does not get signals"),
        ("--from=build", "--from=elsewhere", "no stage above"),
        ("PURVEY_LOG=json", "DB_PASSWORD=hunter2", "a secret stays"),
        ("COPY . .", "RUN curl -O example.org/x", "no hash is known"),
    ],
)
def test_what_is_not_is_found_with_its_line(before, after, said):
    assert before in GOOD
    found = list(dockerfile_problems(GOOD.replace(before, after)))
    assert any(said in problem for problem in found), found


@pytest.mark.parametrize(
    ("service", "changed", "said"),
    [
        ("serve", {"ports": ["3000:3000"]}, "open to everybody"),
        ("serve", {"prots": []}, "prots is no field"),
        ("postgres", {"image": "postgres:latest"}, "not pinned"),
        ("postgres", {"environment": {"POSTGRES_PASSWORD": "purvey"}}, "stands in the file"),
        ("postgres", {"volumes": ["elsewhere:/x"]}, "not declared"),
        ("postgres", {"volumes": ["./gone.sql:/x"]}, "there is no ./gone.sql"),
        ("schedule", {"depends_on": {"mlfow": {"condition": "service_healthy"}}}, "which is no service"),
        ("schedule", {"depends_on": {"mlflow": {"condition": "healthy"}}}, "is no condition"),
        ("mlflow", {"build": {"context": "..", "dockerfile": "deploy/Nofile"}}, "there is no deploy/Nofile"),
        ("mlflow", {"healthcheck": {"tset": []}}, "healthcheck.tset"),
    ],
)
def test_what_a_service_should_not_say_is_found(service, changed, said):
    services = COMPOSE["services"] | {service: COMPOSE["services"][service] | changed}
    found = list(compose_problems(COMPOSE | {"services": services}))
    assert any(said in problem for problem in found), found


def test_mlflow_has_one_worker_and_no_job_consumers():
    image = (DEPLOY / "mlflow.Dockerfile").read_text(encoding="utf-8")
    assert '"--workers", "1"' in image
    assert "MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false" in image
    assert COMPOSE["services"]["mlflow"]["environment"]["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] == "false"
