"""The call centre of the national centre: who telephones, who answers, and what happens to those who lose patience."""
