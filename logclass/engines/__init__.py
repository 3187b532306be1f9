"""Where the work runs. Engines only move tasks and summaries; the stages do the work."""
