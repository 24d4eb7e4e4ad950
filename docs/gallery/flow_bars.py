import supplyroutes as sr

network, events = sr.datasets.mali()
day = sr.disrupt(network, events, at="2025-10-15")
usual = sr.supply_flow(network)
ax = sr.plot.flow_bars(day, sr.supply_flow(day, usual=usual), usual=usual)
