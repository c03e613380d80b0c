"""The base of all estimators: scikit-learn's contract of parameters, without importing scikit-learn.

Its `BaseEstimator` would do, but takes every command and every worker two seconds to import, for two methods.
"""

import inspect
from typing import Any, Self


class Estimator:
    """An estimator whose parameters are the arguments of its `__init__`, each kept under its own name.

    What scikit-learn asks of one, so that `clone`, searches and `cross_validate` take it.
    """

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002 -- no parameter is an estimator
        """The parameters by name."""
        return {name: getattr(self, name) for name in self._parameters()}

    def set_params(self, **params: Any) -> Self:
        """Set some parameters.

        Raises
        ------
        ValueError
            When there is none of a name.
        """
        known = self._parameters()
        for name, value in params.items():
            if name not in known:
                raise ValueError(
                    f"Invalid parameter {name!r} of {type(self).__name__}; there are {', '.join(known)}"
                )
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.get_params().items())})"

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn asks about an estimator before it uses one: nothing special."""
        from sklearn.utils import Tags, TargetTags

        return Tags(estimator_type=None, target_tags=TargetTags(required=False))

    @classmethod
    def _parameters(cls) -> tuple[str, ...]:
        """Names of the arguments of `__init__`."""
        return tuple(name for name in inspect.signature(cls.__init__).parameters if name != "self")
