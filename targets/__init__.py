"""The S3 endpoints that the suite can test, one file each."""
