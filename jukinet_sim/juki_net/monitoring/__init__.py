"""Who watches the network: firewalls' logs, intrusion detection, analysts, and what notices that equipment is down."""
