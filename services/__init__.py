"""Use cases: verbs over several rows. They never commit and never touch the network; the edge does the one, workers the other."""
