"""The one core of all cases: workflow, events, who sees what."""
