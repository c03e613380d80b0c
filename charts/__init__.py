"""How it is shown: Matplotlib figures from frames and arrays, one function a chart."""
