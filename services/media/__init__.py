"""Files from outside, from their first byte to their last."""
