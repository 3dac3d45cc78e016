"""The app: move a lever, see the world change, in Spanish or English; on this machine alone."""
