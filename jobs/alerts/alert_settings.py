"""Rules and targets of alerts as `alerts.yaml` says, if there is one."""

from configs.alerts.alert_options import AlertsConfig
from configs.load import load_alerts
from database.settings import Settings


def configured_alerts(settings: Settings) -> AlertsConfig:
    """Return what `alerts.yaml` says; where there is none, the default rules hold and nothing is sent.

    Raises
    ------
    ConfigError
        When the file cannot be used, or `PURVEY_ALERTS` names one that is not there.
    """
    if settings.alerts is None and not settings.alerts_file.exists():
        return AlertsConfig()
    return load_alerts(settings.alerts_file)
