"""Configured columns: whether what a config names as covariates can be such, by the contract and the tables."""

from collections.abc import Mapping

from configs.errors import ConfigError
from configs.schema import DataConfig
from features.contract.tables import TABLES, RawTable

_KNOWN_WHEN_ORDERED = ("expedited", "quantity_ordered", "unit_price")
"""Columns of purchase_orders that lead times are learned from in any case."""

WHO_ORDERED = ("department", "site")
"""Columns of purchase_orders that lead times are learned from where they are configured."""


def check_configured_columns(data: DataConfig, raw: Mapping[str, RawTable]) -> None:
    """Refuse covariates that are other columns of the contract, or columns of a table that is not there.

    Raises
    ------
    ConfigError
        With the option, the name and the fix.
    """
    for name in data.covariates:
        if name in TABLES["demand"]:
            raise ConfigError(
                f"data.covariates: {name} is a column of demand itself, not one that drives it; leave it out"
            )
    for name in data.order_covariates:
        if name in TABLES["purchase_orders"] and name not in (*_KNOWN_WHEN_ORDERED, *WHO_ORDERED):
            raise ConfigError(
                f"data.order_covariates: {name} is known already, or only once an order has come; "
                "leave it out, or name another column of purchase_orders"
            )
    if data.order_covariates and "purchase_orders" not in raw:
        raise ConfigError(
            f"data.order_covariates names {', '.join(data.order_covariates)}, but there is no table purchase_orders; "
            "add it, or leave the option out"
        )
