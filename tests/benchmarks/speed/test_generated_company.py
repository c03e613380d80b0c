from benchmarks.speed import generated_company
from configs.load import load_config
from database.sources.load_tables import load_tables
from features.demand.panel_from_tables import make_panel


def test_a_generated_company_is_clean_and_the_same_for_the_same_seed(tmp_path):
    config = load_config(generated_company.write_company(tmp_path, 120))
    checked = load_tables(str(tmp_path / "data"), config.data)
    assert not sum(map(len, checked.quarantine.values()))
    panel = make_panel(checked.tables, config.data)
    assert (len(panel), panel.periods) == (120, generated_company.WEEKS)
    again = tmp_path / "again"
    generated_company.write_company(again, 120)
    for file in (tmp_path / "data").iterdir():
        assert file.read_bytes() == (again / "data" / file.name).read_bytes()


def test_every_pair_has_five_open_orders(tmp_path):
    config = load_config(generated_company.write_pairs(tmp_path, 90))
    checked = load_tables(str(tmp_path / "data"), config.data)
    assert not sum(map(len, checked.quarantine.values()))
    orders = checked.tables.purchase_orders
    still = orders[orders["received_at"].isna()]
    assert len(checked.tables.offers) == 90
    assert still.groupby(["supplier_id", "unique_id"]).size().eq(5).all()
    assert still[["supplier_id", "unique_id"]].drop_duplicates().shape[0] == 90
