"""How it is shown: Matplotlib figures from frames and arrays, one function a chart.

Reading map:
- `canvas.py`: the look of all charts, light and dark, and how a figure becomes SVG or PNG; read first.
- `demand.py`: demand as a fan chart, and the stock projection; read next.
- `lead_time.py`, `offer_costs.py`: lead times and arrivals of a supplier, yearly costs of offers.
- `forecast_explanation.py`, `calibration.py`, `live_loss.py`: what a forecast is made of, and how far to believe it.
"""
