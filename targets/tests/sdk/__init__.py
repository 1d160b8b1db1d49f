"""Examples of every operation, as people send them with boto3 and with the AWS CLI."""
