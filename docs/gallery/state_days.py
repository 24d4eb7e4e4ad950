import supplyroutes as sr
from supplyroutes.analysis.history import isolation_history

network, events = sr.datasets.mali()
days = sr.timeline(network, events, start="2025-08-25", end="2025-10-15")
ax = sr.plot.state_days(network, isolation_history(days), stocks=sr.stock_levels(days))
