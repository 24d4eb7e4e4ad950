import supplyroutes as sr

network, events = sr.datasets.mali()
days = sr.timeline(network, events, start="2025-09-02", end="2025-10-15")
figure = sr.plot.small_multiples(days)
