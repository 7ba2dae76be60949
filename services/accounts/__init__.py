"""Having an account: opened, proven, signed in to, kept safe, and closed by an administrator."""
