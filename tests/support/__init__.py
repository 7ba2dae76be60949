"""What many tests share: a database of their own, an HTTP client that knows the contract, and a little patience."""
