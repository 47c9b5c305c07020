"""What theory says about a network before anything runs: traffic equations, peaks, closed forms; pure functions all."""
