"""What AWS knows, read through boto3 and handed on as the nouns of ``bot.model``.

Importing this package imports no AWS library: the parsing in ``bot.aws.shapes`` serves offline commands too.
"""
