"""How well forecasts fit what was observed: labels, forecasts, scores and baselines."""
