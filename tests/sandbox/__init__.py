"""The stand-in for the providers, held to the documented behaviour over real HTTP."""
