"""The loop: generate, send, judge, minimise, report."""
