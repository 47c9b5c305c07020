"""A run or an experiment as one page that opens anywhere, without the network."""
