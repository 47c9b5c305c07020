"""Ways of telling who somebody is at a terminal: what each takes, how often it goes wrong, and who gets in who should not."""
