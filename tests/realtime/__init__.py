"""What goes over sockets, between real processes."""
