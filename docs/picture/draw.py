# ruff: noqa: S603, S607  a tool for whoever changes the reply, run by hand
"""Draws docs/reply.png: a real reply of the bot, from the blocks that the embedded Slack received.

Needs node, Chromium and `npm install` in this folder; the project itself needs none of them. From the root:

    apt-get install chromium fonts-lato fonts-noto-color-emoji && (cd docs/picture && npm install)
    PYTHONPATH=. .venv/bin/python docs/picture/draw.py orders-s3-sink docs/reply.png
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.slack import EmbeddedSlack
from bot.sandbox.slack.record import Blocks
from bot.sandbox.stage import embedded_environment, running_bot

WIDTH = 780
HERE = Path(__file__).parent
CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]


def reply_to(text: str, press: str | None) -> Blocks:
    """Ask the bot, press a button of its reply where one is named, and return the blocks that came."""
    with (
        EmbeddedAws.start() as aws,
        EmbeddedSlack.start() as slack,
        running_bot(embedded_environment(aws, slack), os.environ) as bot,
    ):
        bot.wait_for_link(slack)
        reply = slack.command(text).wait(timeout=30)[-1]
        return slack.click(reply, press).wait_view(2, 30).blocks if press else reply.blocks


def draw(blocks: Blocks, target: Path) -> None:
    """Draw a message of these blocks as a PNG of its own height."""
    page = subprocess.run(
        ["node", HERE / "page.mjs", str(WIDTH)], input=json.dumps(blocks), capture_output=True, text=True, check=True
    ).stdout
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "page.html")
        file.write_text(page)
        seen = subprocess.run(
            [*CHROMIUM, f"--window-size={WIDTH},200", "--dump-dom", file], capture_output=True, text=True, check=True
        ).stdout
        height = re.search(r"<title>(\d+)</title>", seen)
        size = f"{WIDTH},{height[1] if height else 800}"
        subprocess.run(
            [*CHROMIUM, f"--window-size={size}", f"--screenshot={target}", file], capture_output=True, check=True
        )


if __name__ == "__main__":
    question, picture, *button = sys.argv[1:]
    draw(reply_to(question, button[0] if button else None), Path(picture).absolute())
