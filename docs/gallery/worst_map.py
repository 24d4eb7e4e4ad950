import supplyroutes as sr

network, events = sr.datasets.mali()
day = sr.disrupt(network, events, at="2025-10-15")
ax = sr.plot.worst_map(day, sr.interdiction(day, budget=2))
