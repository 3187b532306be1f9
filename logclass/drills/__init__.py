"""Fault drills: a small fleet on virtual time, a fault in it, and the logs and truth it leaves.

The analyser is tested with these bundles, so nothing here imports the analyser: the only thing the
two share is the vocabulary.
"""
