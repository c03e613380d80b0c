"""How it is shown: Matplotlib figures from frames and arrays, one function a chart.

Reading map:
- `canvas.py`: the look of all charts, light and dark, and how a figure becomes SVG or PNG; read first.
  `legends.py`: legends as wide as the figure, and the colour that a part has in every chart.
- `demand.py`: demand as a fan chart, and the stock projection; read next. `season.py`: a year's months.
- `lead_time.py` (bins in `lead_time_bins.py`), `offer_costs.py`: lead times and arrivals of a supplier, yearly costs of
  offers.
- `service_cost.py`: what a promise of service costs. `spend.py`: spend by month, and what is to come.
- `promised_realised.py`: what actions promised and what they brought.
- `forecast_explanation.py`, `calibration.py`, `live_loss.py`: what a forecast is made of, and how far to believe it.
"""
