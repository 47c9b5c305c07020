"""What reports and charts say, each message in English and in Japanese."""
