import supplyroutes as sr

network, events = sr.datasets.mali()
day = sr.disrupt(network, events, at="2025-10-15")
ax = sr.plot.paths_map(day, sr.supply_paths(day, to="bamako", k=4, baseline=network))
