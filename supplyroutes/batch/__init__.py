"""Many scenarios in one go: each done once, whatever stops the work in between."""
