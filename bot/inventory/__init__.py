"""Roles and the connectors that name them. Pure."""
