"""AWS embedded: one process behind one endpoint URL, moto for most of it and our own operations beside it."""
