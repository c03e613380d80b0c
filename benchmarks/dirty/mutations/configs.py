"""Mutations of the config: values that no option allows, files that are no YAML, and options that read otherwise."""

from typing import Any

from benchmarks.dirty.dirty_company import DirtyCompany, NothingToDo, Rng

_WRONG: tuple[tuple[str, Any], ...] = (
    ("policy.level", 1.5), ("policy.level", "95%"), ("policy.level", float("nan")), ("policy.level", None),
    ("policy.target", "service"), ("policy.review_period_days", -7), ("policy.review_period_days", float("inf")),
    ("policy.holding_cost_rate", -0.1), ("policy.lost_sales", "perhaps"), ("policy.nonsense", 1),
    ("demand.horizon", 0), ("demand.horizon", 2.5), ("demand.windows", 0), ("demand.members", ["oracle"]),
    ("demand.members", "seasonal_naive"), ("demand.cutoffs", "yesterday"), ("demand.boosting", 3),
    ("demand.boosting.rounds", 0), ("lead_time.source", "guessed"), ("lead_time.half_life_days", 0),
    ("data.freq", "XYZ"), ("data.freq", ""), ("data.freq", 7), ("data.gaps", "none"), ("data.covariates", ["price"]),
    ("data.covariates", {"nope": {}}), ("data.order_covariates", ["nope"]), ("data.clock.start", "birth"),
    ("data.clock.end", "put_away"), ("data.max_bad_share", 2), ("threads", 0), ("seed", "x"), ("nonsense", 1),
    ("data", None), ("policy", []), ("currency", 5),
)  # fmt: skip
_NO_DOCUMENT = (
    "- a\n- b\n", "{", "a: [1\n", "\tname: x\n", "just words", "name: x\nname: y: z\n",
    "\x00", "42\n", "!!python/object:os.system {}\n", "data: 2017-13-45\n",
)  # fmt: skip
_FINE: tuple[tuple[str, Any], ...] = (
    ("policy.target", "fill_rate"), ("policy.target", "cost"), ("policy.lost_sales", True), ("policy.level", 0.999),
    ("policy.level", 0.01), ("policy.review_period_days", 0), ("policy.review_period_days", 365),
    ("policy.holding_cost_rate", 0), ("policy.ordering_cost", 1e9), ("policy.budget_horizon_days", 1),
    ("data.max_bad_share", 1), ("data.max_bad_share", 0), ("name", ""), ("name", "naïve ☃"), ("notice", "a\nb"),
)  # fmt: skip
_OTHERWISE: tuple[tuple[str, Any], ...] = (
    ("data.freq", "D"), ("data.freq", "MS"), ("data.freq", "W-SUN"), ("data.freq", None), ("data.gaps", "missing"),
    ("data.covariates", {}), ("data.clock.start", "sent"), ("data.clock.end", "shipped"),
)  # fmt: skip


def value_not_allowed(company: DirtyCompany, rng: Rng) -> str:
    """A value that its option does not allow, or an option that there is not."""
    key, value = _WRONG[rng.integers(len(_WRONG))]
    _put(company.config, key, value)
    company.config_is_wrong = True
    return f"config: {key} is {value!r}"


def no_yaml(company: DirtyCompany, rng: Rng) -> str:
    """A config that is no YAML document of options."""
    company.config_text = _NO_DOCUMENT[rng.integers(len(_NO_DOCUMENT))]
    company.config_is_wrong = True
    return f"config: {company.config_text!r}"


def extreme_option(company: DirtyCompany, rng: Rng) -> str:
    """A value that its option allows and nobody uses."""
    key, value = _FINE[rng.integers(len(_FINE))]
    _keep_what_is_wrong(company)
    _put(company.config, key, value)
    return f"config: {key} is {value!r}"


def read_otherwise(company: DirtyCompany, rng: Rng) -> str:
    """An option by which the tables are read in another way."""
    key, value = _OTHERWISE[rng.integers(len(_OTHERWISE))]
    _keep_what_is_wrong(company)
    _put(company.config, key, value)
    company.reads_otherwise = True
    return f"config: {key} is {value!r}"


def _keep_what_is_wrong(company: DirtyCompany) -> None:
    """Do nothing to a config that has to be refused: an allowed value could take the place of the wrong one."""
    if company.config_is_wrong:
        raise NothingToDo


def _put(document: dict[str, Any], key: str, value: Any) -> None:
    """Set a value of nested dictionaries by its dotted key."""
    *path, last = key.split(".")
    for name in path:
        if not isinstance(document.get(name), dict):
            document[name] = {}
        document = document[name]
    document[last] = value


MUTATIONS = (value_not_allowed, no_yaml, extreme_option, read_otherwise)
