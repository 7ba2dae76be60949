"""What the edge answers over HTTP."""
