"""The entry for AWS Lambda, behind a Function URL or API Gateway: ``bot.serve.aws_lambda.handler``.

The app is built on import, which is Lambda's init phase.
"""

import gc
import os

# What is made while modules are imported stays: looking through it for garbage would cost a fifth of the cold start.
gc.disable()

from bot.serve.function import function  # noqa: E402  after the line above

handler = function(os.environ)

gc.freeze()
gc.enable()
