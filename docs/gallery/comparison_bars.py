import supplyroutes as sr

network, events = sr.datasets.mali()
days = {
    "as recorded": sr.disrupt(network, events, at="2025-10-15"),
    "ban lifted": sr.disrupt(network, events.without("ML022"), at="2025-10-15"),
}
ax = sr.plot.comparison_bars(network, sr.compare(days))
