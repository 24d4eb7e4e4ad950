import supplyroutes as sr

network, events = sr.datasets.mali()
ax = sr.plot.event_timeline(network, events, start="2025-08-25", end="2025-10-15")
