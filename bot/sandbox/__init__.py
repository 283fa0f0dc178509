"""AWS and Slack embedded: for the demo, for trying things out, and for the tests."""
