"""Why a town is cut off or strained, and what would relieve it."""
