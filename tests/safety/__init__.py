"""What a run survives: kills, full disks, hostile texts."""
