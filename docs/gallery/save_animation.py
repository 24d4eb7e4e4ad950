import supplyroutes as sr

network, events = sr.datasets.mali()
days = sr.timeline(network, events, start="2025-09-02", end="2025-09-07")
sr.plot.save_animation(days, "blockade.gif")
