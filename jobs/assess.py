"""The assessment as a job: read and check the tables, work out the baseline report, write its page."""

from pathlib import Path
from typing import Any

import pandas as pd

from configs.errors import DomainError
from configs.schema import Config, DataConfig
from database.sources.load_tables import load_tables
from jobs.assessment.report_charts import report_charts
from jobs.assessment.report_document import Company, report_document
from jobs.assessment.report_page import report_page
from procurement.assessment.baseline import assess_baseline


def run_assessment(
    source: str, out: Path, *, config: Config | None = None, as_of: pd.Timestamp | None = None
) -> dict[str, Any]:
    """Assess the tables of `source` (folder or SQL URL), write the page to `out`, and return what it says as data.

    Without a config the tables are read as `purvey check` reads them without one, and no currency is named.

    Raises
    ------
    DomainError
        When the tables cannot be read or used, or the page cannot be written.
    """
    settings = config or Config().model_copy(update={"data": DataConfig()})
    company = Company(config.name, config.currency, config.notice) if config else Company()
    checked = load_tables(source, settings.data, as_of=as_of)
    baseline = assess_baseline(checked, settings)
    document = report_document(baseline, company)
    _write(out, report_page(document, report_charts(baseline, company.currency)))
    return document


def _write(out: Path, page: str) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page, encoding="utf-8")
    except OSError as error:
        raise DomainError(
            f"{out}: the page cannot be written ({error.strerror}); give --out another file"
        ) from error
