import supplyroutes as sr

network, events = sr.datasets.mali()
days = sr.timeline(network, events, start="2025-08-25", end="2025-10-15")
ax = sr.plot.stock_curves(network, sr.stock_levels(days), to="Bamako", events=events)
