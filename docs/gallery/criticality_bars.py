import supplyroutes as sr

network, events = sr.datasets.mali()
day = sr.disrupt(network, events, at="2025-10-15")
ax = sr.plot.criticality_bars(day, sr.criticality(day))
