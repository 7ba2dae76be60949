"""The timetable: which periodic run happens when."""
