"""The configured access: what `access.yaml` says, if there is one."""

from configs.access import AccessConfig
from configs.load import load_access
from database.settings import Settings


def configured(settings: Settings) -> AccessConfig | None:
    """Return what `access.yaml` says, none where there is none and access is open.

    Raises
    ------
    ConfigError
        When the file cannot be used, or `PURVEY_ACCESS` names one that is not there.
    """
    if settings.access is None and not settings.access_file.exists():
        return None
    return load_access(settings.access_file)
