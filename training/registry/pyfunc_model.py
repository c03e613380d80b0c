"""The model as MLflow loads it: `mlflow.pyfunc.load_model("models:/purvey@champion").predict(frame)`.

MLflow copies this file beside the bundle and runs it when the model is loaded, so it imports nothing of ours: a
data scientist needs MLflow, pandas and pyarrow, not a checkout.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd


class PurveyModel(mlflow.pyfunc.PythonModel):
    """MLflow pyfunc model that answers from the demand forecast stored in the bundle."""

    def load_context(self, context: Any) -> None:
        """Read the demand forecast of the bundle, checked against its manifest.

        Raises
        ------
        ValueError
            When the forecast is not the one the manifest names.
        """
        bundle = Path(context.artifacts["bundle"])
        manifest = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
        path = bundle / "forecast.parquet"
        if hashlib.sha256(path.read_bytes()).hexdigest() != manifest["files"][path.name]:
            raise ValueError(f"{path}: altered, its SHA-256 is not the manifest's; download the model again")
        self.forecast = pd.read_parquet(path)

    def predict(
        self,
        context: Any,  # noqa: ARG002
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> pd.DataFrame:
        """Demand forecast of the SKUs of `model_input`: one row per SKU and period, in the order of the input.

        Parameters
        ----------
        model_input : unique_id and, optionally, h: periods of that SKU (none: all there are)

        Returns
        -------
        DataFrame
            unique_id, k, ds, end, demand_class, reason, mean and q0.005 … q0.995 of each period, cumulative_mean and
            cumulative_q0.005 … of the sum over the first k periods.

        Raises
        ------
        ValueError
            For an unknown SKU or an h beyond the trained horizon.
        """
        request = model_input[["unique_id"]].astype(str).reset_index(drop=True)
        unknown = sorted(set(request["unique_id"]) - set(self.forecast["unique_id"]))
        if unknown:
            raise ValueError(f"{len(unknown)} unique_id not in this model, the first is {unknown[0]!r}")
        longest = int(self.forecast["k"].max())
        h = model_input["h"].fillna(longest) if "h" in model_input else pd.Series(longest, request.index)
        if not h.between(1, longest).all():
            raise ValueError(f"h must be 1 … {longest}, the horizon this model was trained for")
        request["h"], request["position"] = h.to_numpy(), range(len(request))
        rows = request.merge(self.forecast, on="unique_id")
        rows = rows[rows["k"] <= rows["h"]].sort_values(["position", "k"])
        return rows.drop(columns=["h", "position"]).reset_index(drop=True)


mlflow.models.set_model(PurveyModel())
