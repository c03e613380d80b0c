"""The contents of the bundle that a training run writes: models, forecast, rules, metrics and facts."""

from importlib.metadata import version

from artifacts.bundle_contents import BundleContents
from configs.schema import Config
from features.quality.check_result import CheckResult
from features.quality.fingerprint import fingerprint, panel_fingerprint
from models.demand.groups.group_calibration import GroupCalibration
from models.monitoring.backtest_scores import backtest_scores
from training.evaluation.sku_backtest import one_step_ahead
from training.fit_and_evaluate import TrainedModels

LIBRARIES = ("purvey", "numpy", "pandas", "scipy", "statsforecast", "lightgbm", "lifelines")
"""Libraries whose versions are part of the bundle, since they change its results."""


def gather_bundle(config: Config, checked: CheckResult, trained: TrainedModels) -> BundleContents:
    """Gather the contents of a model bundle; the number of threads is left out, it does not change the result."""
    groups = GroupCalibration.fit(trained.demand.backtest_, trained.panel)
    return BundleContents(
        demand=trained.demand,
        lead_time=trained.lead_time,
        forecast=trained.forecast,
        rules=trained.decisions.calibration.rules,
        config=config.model_dump(mode="json", exclude={"threads", "schedule"}),
        info={
            "name": config.name,
            "notice": config.notice,
            "currency": config.currency,
            "seed": config.seed,
            "fingerprint": fingerprint(checked.tables),
            "panel_fingerprint": panel_fingerprint(trained.panel),
            "as_of": f"{checked.as_of:%Y-%m-%d}",
            "cutoff": f"{trained.panel.cutoff:%Y-%m-%d}",
            "freq": checked.freq,
            "horizon": trained.forecast.horizon,
            "series": len(trained.panel),
            "versions": {name: version(name) for name in LIBRARIES},
        },
        metrics=trained.metrics,
        per_series=trained.demand_evaluation.series,
        scores=trained.demand_evaluation.classes,
        explanation=trained.explanation,
        backtest=backtest_scores(trained.demand.backtest_, trained.panel),
        sku_steps=trained.demand_evaluation.steps,
        sku_forecasts=one_step_ahead(trained.demand_evaluation.frames),
        groups=groups,
        group_forecast=groups.predict(trained.panel, trained.forecast),
    )
