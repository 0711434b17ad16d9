"""Pages of the communities, one module a subject."""
