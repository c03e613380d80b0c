"""A small company with its trained model."""

from small_company import small_company, small_trained_home  # noqa: F401 -- fixtures
