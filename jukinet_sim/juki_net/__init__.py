"""The network of resident registers, topic by topic; the rest of the house meets it through `juki_net.domain` only."""
