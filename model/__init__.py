"""The executable model of Amazon S3's server-side encryption: pure, standard library only."""
