import supplyroutes as sr

network, events = sr.datasets.mali()
day = sr.disrupt(network, events, at="2025-10-15")
ax = sr.plot.probability_map(day, sr.reliability(network, events, at="2025-10-15"))
