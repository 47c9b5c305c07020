"""Everything that travels on the network as entries of `juki_net.flows`: their words, and their flows and volumes."""
