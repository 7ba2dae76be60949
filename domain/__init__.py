"""Pure rules: states, prices, schedules, money and errors; no I/O, no clock, nothing of ours from outside."""
