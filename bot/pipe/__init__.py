"""The way of a question: parsed, found, gathered, explained."""
