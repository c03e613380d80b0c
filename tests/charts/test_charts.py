import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from charts.calibration import calibration_chart
from charts.canvas import DARK, new_figure, to_png, to_svg
from charts.demand import fan_chart, stock_projection
from charts.forecast_explanation import explanation_chart
from charts.lead_time import arrivals_chart, lead_time_histogram
from charts.lead_time_bins import lead_time_bins
from charts.offer_costs import offer_costs_chart
from charts.season import season_chart
from charts.service_cost import service_cost_chart

DAYS = pd.date_range("2026-01-05", periods=12, freq="W-MON")


def fan() -> Figure:
    past = pd.DataFrame({"ds": DAYS[:8], "y": range(8), "in_stock": [True] * 7 + [False]})
    mean = np.arange(4.0) + 3
    future = pd.DataFrame(
        {"ds": DAYS[8:], "mean": mean, **{f"q{q:.2f}": mean * (0.5 + q) for q in (0.05, 0.25, 0.75, 0.95)}}
    )
    return fan_chart(past, future, title="Demand of sku-1", order_by=DAYS[9])


def projection() -> Figure:
    stock = pd.DataFrame({"ds": DAYS, "expected": 12.0 - np.arange(12), "low": 0.0, "high": 20.0})
    return stock_projection(stock, reorder_point=4.0, order_by=DAYS[2], stockout=DAYS[9])


def arrivals() -> Figure:
    orders = pd.DataFrame(
        {
            "label": ["PO-1", "PO-2"],
            "low": DAYS[1:3],
            "expected": DAYS[2:4],
            "high": DAYS[4:6],
            "promised_at": [DAYS[2], pd.NaT],
        }
    )
    return arrivals_chart(orders, as_of=DAYS[0])


def offers() -> Figure:
    costs = pd.DataFrame({"supplier_id": ["near", "far"], "price": [110.0, 100.0], "ordering": [5.0, 7.0]})
    return offer_costs_chart(costs, ["ordering"], currency="EUR")


def service() -> Figure:
    curve = pd.DataFrame({"promise": [0.9, 0.995], "holding": [5.0, 9.0], "waste": [1.0, 4.0]})
    return service_cost_chart(curve.assign(shortage=[7.0, 1.0]), title="Service")


def histogram() -> Figure:
    return lead_time_histogram([9, 10, 10, 14], promise=10, levels=[0.1, 0.5, 0.9], quantiles=[8, 10, 15])


def calibration() -> Figure:
    return calibration_chart([0.1, 0.5, 0.9], {"all": [0.12, 0.5, 0.88], "smooth": [0.1, 0.4, 0.9]})


PARTS = ("level", "trend", "season", *(f"cause_{i}" for i in range(6)))


def parts() -> Figure:
    units = {name: [3.0, -1.0 / (i + 1)] if i else [9.0, 9.0] for i, name in enumerate(PARTS)}
    table = pd.DataFrame({"ds": DAYS[:2], "end": DAYS[1:3], **units})
    return explanation_chart(table.assign(mean=table[list(PARTS)].sum(axis=1)), PARTS)


FIGURES = [fan, parts, projection, arrivals, offers, service, histogram, calibration]


@pytest.mark.parametrize("draw", FIGURES)
def test_every_chart_is_well_formed_svg_in_colours_that_follow_the_readers_mode(draw):
    svg = to_svg(draw())
    ET.fromstring(svg)
    body = svg.split("</style>", 1)[1].lower()
    assert not [colour for colour in DARK if colour in body]
    assert "prefers-color-scheme:dark" in svg


@pytest.mark.parametrize("draw", FIGURES)
def test_the_same_data_draw_the_same_bytes_in_any_thread(draw):
    expected = to_svg(draw())
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: to_svg(draw()), range(4))) == {expected}


def test_a_chart_is_also_a_png_for_reports():
    assert to_png(fan()).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (fan, ["Demand of sku-1", "order by 09 Mar", "out of stock", "expected"]),
        (parts, ["level", "season", "cause 0", "all others", "expected", "units per period"]),
        (projection, ["order by 19 Jan", "empty 09 Mar", "reorder point"]),
        (arrivals, ["PO-1", "PO-2", "promised", "today"]),
        (offers, ["near", "far", "15", "EUR a year above the cheapest goods"]),
        (service, ["90%", "99.5%", "stock held", "waste", "shortage"]),
        (histogram, ["promised: 10 days", "next order, learned"]),
        (calibration, ["perfect", "smooth", "predicted chance"]),
    ],
)
def test_a_chart_says_in_words_what_its_marks_are(draw, words):
    text = " ".join(ET.fromstring(to_svg(draw())).itertext())
    assert [word for word in words if word not in text] == []


def test_the_bars_of_a_period_reach_from_what_takes_away_to_what_adds():
    axes = parts().axes[0]
    bars = sorted(
        (bar.get_x(), *sorted((bar.get_y(), bar.get_y() + bar.get_height()))) for bar in axes.patches
    )
    assert len(bars) == 2 * 8
    first = [(low, high) for x, low, high in bars if x == bars[0][0]]
    assert min(low for low, _ in first) == 0
    assert max(high for _, high in first) == pytest.approx(9 + 8 * 3)


def test_bins_count_every_closed_order_once_and_leave_open_ones_out():
    edges, counts = lead_time_bins([3, 3, 4, 250, np.nan])
    assert counts.sum() == 4
    assert len(edges) == len(counts) + 1 <= 32
    assert (edges[0], counts[0]) == (3, 3)


def test_a_supplier_without_closed_orders_gets_an_empty_histogram():
    edges, counts = lead_time_bins([np.nan])
    assert (list(edges), list(counts)) == ([0, 1], [0])
    ET.fromstring(to_svg(lead_time_histogram([], promise=None)))


def test_a_certain_lead_time_is_drawn_without_a_density_of_nothing():
    ET.fromstring(to_svg(lead_time_histogram([14, 14], levels=[0.1, 0.9], quantiles=[14, 14], promise=14)))


def test_a_legend_is_never_wider_than_its_figure():
    from charts.legends import legend_below

    figure, axes = new_figure()
    for i in range(12):
        axes.plot([0, 1], [i, i], label=f"a rather long name of a part, number {i}")
    before = figure.get_figheight()
    legend_below(figure)
    figure.draw_without_rendering()
    box = figure.legends[0].get_window_extent()
    assert box.x0 >= 0
    assert box.x1 <= figure.bbox.x1
    assert figure.get_figheight() > before


def test_a_part_has_one_colour_in_every_chart_and_no_two_parts_the_same():
    from charts.legends import PART_COLOURS, part_colours

    few, many = part_colours(["level", "promotion"]), part_colours([*PARTS, "promotion"])
    assert few["promotion"] == many["promotion"] == PART_COLOURS["promotion"]
    parts = ["level", "trend", "season", "price", "display", "shelf_price", "promotion", "event"]
    assert len(set(part_colours(parts).values())) == len(parts)


def test_last_year_and_the_stock_with_an_order_are_drawn_where_they_are_known():
    future = pd.DataFrame(
        {"ds": DAYS[8:], "mean": 3.0} | {f"q{q:.2f}": 3.0 for q in (0.05, 0.25, 0.75, 0.95)}
    )
    past = pd.DataFrame({"ds": DAYS[:8], "y": range(8)})
    labels = fan_chart(past, future, year_before=pd.DataFrame({"ds": DAYS[8:], "y": 1.0})).axes[0]
    assert "a year before" in labels.get_legend_handles_labels()[1]
    assert "a year before" not in fan_chart(past, future).axes[0].get_legend_handles_labels()[1]
    stock = pd.DataFrame({"ds": DAYS, "expected": 3.0, "low": 0.0, "high": 9.0})
    both = stock.assign(with_expected=5.0, with_low=1.0, with_high=11.0)
    for table, drawn in ((stock, False), (both, True)):
        names = stock_projection(table).axes[0].get_legend_handles_labels()[1]
        assert ("with today's order" in names) is drawn


def test_a_season_has_a_bar_a_month():
    profile = pd.DataFrame({"month": range(1, 13), "index": 1.0})
    axes = season_chart(profile, title="Season").axes[0]
    assert len(axes.patches) == 12
    assert [tick.get_text() for tick in axes.get_xticklabels()][:2] == ["Jan", "Feb"]
