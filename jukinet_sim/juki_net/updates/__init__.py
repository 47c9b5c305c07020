"""Resident-record updates, stored and forwarded hop by hop with acknowledgements."""
