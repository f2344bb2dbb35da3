"""Parts of the experiment of jobs/transformer.py: heads removed from a trained transformer in several orders."""
