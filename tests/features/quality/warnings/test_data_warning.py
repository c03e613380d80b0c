from dataclasses import replace

from features.quality.warnings.data_warning import DataWarning


def test_a_warning_reads_as_sentences():
    warning = DataWarning("gaps", "demand", 3, 60, "3 periods have no row", "a: 3", "Set data.gaps")
    assert str(warning) == "demand: 3 periods have no row. For example a: 3. Set data.gaps."
    assert str(replace(warning, example="")) == "demand: 3 periods have no row. Set data.gaps."
