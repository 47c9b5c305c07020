"""The operators of counter terminals: how they log on, and that without their sessions nothing is done at a counter."""
