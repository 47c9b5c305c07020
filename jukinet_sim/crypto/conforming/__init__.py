"""What every suite has to show with real keys: that what is right arrives, what is wrong is refused, and plans are true."""
