"""The developer's and operator's side of the product: everything behind the command ``./elite``; nothing imports it."""
