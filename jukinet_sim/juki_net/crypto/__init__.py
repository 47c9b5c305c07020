"""What the cipher suite of a scenario costs the network: operations at servers and modules, bytes on the lines."""
