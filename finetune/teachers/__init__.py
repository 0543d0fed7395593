"""Teachers expand seed instructions; one file each behind `base.Teacher`."""
